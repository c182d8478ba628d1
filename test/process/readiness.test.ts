import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { refusal } from '../support/dynamodb-replies.ts'
import { freeTcpPort } from '../support/free-port.ts'
import { type Mood, startLeavingDynamoDB } from '../support/leaving-dynamodb.ts'
import type { LogLine } from '../support/log-sink.ts'
import { get } from '../support/post-json.ts'
import { logToItsEnd } from '../support/production-log.ts'
import { startService } from '../support/service-process.ts'

const PRODUCTION = { ENVIRONMENT: 'production', AUTH: 'off' }
const NOTICE_LIMIT_MS = 10_000
const POLL_MS = 100

type DynamoDB = Awaited<ReturnType<typeof startLeavingDynamoDB>>

const missing = refusal('ResourceNotFoundException', 'Requested resource not found')
const broken = refusal('InternalServerError', 'broken', 500)
const feels = (mood: Mood) => async (dynamodb: DynamoDB) => dynamodb.feel(mood)

const ABSENCES: [string, (dynamodb: DynamoDB) => Promise<void>, (dynamodb: DynamoDB) => Promise<void>][] = [
  ['gone', ({ goAway }) => goAway(), ({ comeBack }) => comeBack()],
  ['silent', feels('silent'), feels('well')],
  ['broken', feels(broken), feels('well')],
  ['without its tables', feels(missing), feels('well')],
]

/** Polls until /health/ready has the status; milliseconds it took, and every status that /health/live had meanwhile. */
async function waitForReady(url: string, status: number) {
  const startedMs = performance.now()
  const live = new Set<number>()
  while ((await get(`${url}/health/ready`)) !== status) {
    live.add(await get(`${url}/health/live`))
    if (performance.now() - startedMs > 2 * NOTICE_LIMIT_MS) throw new Error(`/health/ready never was ${status}`)
    await delay(POLL_MS)
  }
  return { tookMs: performance.now() - startedMs, live: [...live] }
}

function notReadyLines(log: LogLine[]): LogLine[] {
  return log.filter(({ msg }) => String(msg).startsWith('not ready'))
}

test('a store that goes away makes the service unready within 10 s, and ready again within 10 s of its return; live it stays', async () => {
  const seen = await Promise.all(
    ABSENCES.map(async ([absence, leave, comeBack]) => {
      const dynamodb = await startLeavingDynamoDB()
      const service = await startService({ ...PRODUCTION, DYNAMODB_ENDPOINT: dynamodb.url })
      await waitForReady(service.url, 200)

      await leave(dynamodb)
      const gone = await waitForReady(service.url, 503)
      await comeBack(dynamodb)
      const back = await waitForReady(service.url, 200)
      return { absence, gone, back, lines: notReadyLines(await logToItsEnd(service)) }
    }),
  )

  for (const { absence, gone, back, lines } of seen) {
    expect(gone.tookMs, absence).toBeLessThan(NOTICE_LIMIT_MS)
    expect(back.tookMs, absence).toBeLessThan(NOTICE_LIMIT_MS)
    expect([...gone.live, ...back.live].filter((status) => status !== 200)).toEqual([])
    expect(lines, absence).toHaveLength(1)
  }
})

const ADVICE: [Mood | 'refused', RegExp][] = [
  [missing, /features_\w+ does not exist.*npm run tables:create/],
  [refusal('AccessDeniedException', 'no'), /Allow dynamodb:DescribeTable on table features_\w+/],
  [refusal('UnrecognizedClientException', 'no'), /credentials.*not valid or have expired/],
  ['refused', /DYNAMODB_ENDPOINT: nothing listens there/],
]

test('what an operator is to mend is said in one line of the log, however often it is found, and not to clients', async () => {
  const seen = await Promise.all(
    ADVICE.map(async ([mood, advice]) => {
      const dynamodb = await startLeavingDynamoDB()
      if (mood !== 'refused') dynamodb.feel(mood)
      const endpoint = mood === 'refused' ? `http://127.0.0.1:${await freeTcpPort()}` : dynamodb.url
      const service = await startService({ ...PRODUCTION, DYNAMODB_ENDPOINT: endpoint })
      await service.printed(/not ready:/)
      const told = await (await fetch(`${service.url}/health/ready`)).text()
      // Both tables are asked for again with the second check.
      if (mood !== 'refused') await expect.poll(dynamodb.calls, { timeout: NOTICE_LIMIT_MS }).toBeGreaterThanOrEqual(4)
      return { advice, told, lines: notReadyLines(await logToItsEnd(service)) }
    }),
  )

  for (const { advice, told, lines } of seen) {
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({ level: 'error', advice: expect.stringMatching(advice) })
    expect(told).toContain('"code":"NOT_READY"')
    expect(told).not.toMatch(/features_|credentials|IAM|DYNAMODB/)
  }
})
