import { expect, test } from 'vitest'
import { freeUdpPort } from '../support/free-port.ts'
import { PRODUCTION } from '../support/measured-run.ts'
import { startMetricReceiver } from '../support/metric-receiver.ts'
import { startService } from '../support/service-process.ts'

type Env = Record<string, string>
type Sent = [method: string, path: string, body?: string]

const requests: readonly Sent[] = [
  ['POST', '/api/v1/items/user1', '{"cat":{"a":1,"b":null},"dog":{"c":[1,2]}}'],
  ['GET', '/api/v1/get/item/user1/cat'],
  ['GET', '/api/v1/get/item/user1/absent'],
  ['POST', '/api/v1/get/item/user1', '{"cat":["a","z"],"dog":[],"absent":[]}'],
  ['POST', '/api/v1/get/item/nobody', '{"cat":[]}'],
  ['POST', '/api/v1/items/user1', '{"cat":'],
  ['POST', '/api/v1/items/user1', '{"cat":1}'],
  ['DELETE', '/api/v1/items/user1'],
  ['GET', '/no/such/route'],
  ['GET', '/health/live'],
  ['GET', '/health/ready'],
  ['GET', '/openapi.json'],
]

/** A whole run of a service in production: what it answered to every request, what it logged and how it ended. */
async function run(env: Env) {
  const service = await startService({ ...PRODUCTION, ...env })
  await service.printed(/"msg":"ready"/)
  const replies: unknown[] = []
  for (const [method, path, body] of [...requests, ...requests]) {
    const init = body === undefined ? { method } : { method, body, headers: { 'content-type': 'application/json' } }
    const reply = await fetch(service.url + path, init)
    replies.push({ status: reply.status, body: withoutWhatDiffers(await reply.text()) })
  }
  service.kill('SIGTERM')
  const ending = await service.exited
  const lines = service.stdout().trimEnd().split('\n')
  const log = lines.map((line) => JSON.parse(line) as { level: string; msg: string; status?: number })
  return { replies, ending, stderr: service.stderr(), ownLines: log.filter(({ status }) => status === undefined) }
}

function withoutWhatDiffers(body: string): string {
  return body.replace(/"request_id":"[^"]+"/, '"request_id":"…"').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '…')
}

async function withReceiver(): Promise<Env> {
  const { host, port } = await startMetricReceiver('dogstatsd')
  return { STATSD_HOST: host, STATSD_PORT: String(port) }
}

const ailing: [string, () => Promise<Env>][] = [
  ['on which nothing listens', async () => ({ STATSD_HOST: '127.0.0.1', STATSD_PORT: String(await freeUdpPort()) })],
  ['that has no address', async () => ({ STATSD_HOST: 'no-such-host.invalid' })],
  ['to which nobody may send', async () => ({ STATSD_HOST: '255.255.255.255' })],
]

test.each(ailing)(
  'with a StatsD host %s, every reply is what it is with one that listens, and the log warns once at most',
  async (_, envOf) => {
    const expected = await run(await withReceiver())

    const { replies, ending, stderr, ownLines } = await run(await envOf())

    expect(replies).toEqual(expected.replies)
    expect(ending).toEqual({ code: 0, signal: null })
    expect(stderr).toBe('')
    const complaints = ownLines.filter(({ level }) => level !== 'info')
    expect(complaints.length).toBeLessThanOrEqual(1)
    for (const complaint of complaints)
      expect(complaint).toMatchObject({ level: 'warn', msg: expect.stringContaining('metrics') })
  },
)

test.each(['no-such-host.invalid', '255.255.255.255'])(
  'an operator is told once that no metrics reach %s',
  async (STATSD_HOST) => {
    const { ownLines } = await run({ STATSD_HOST })

    const warnings = ownLines.filter(({ level }) => level === 'warn')
    expect(warnings).toHaveLength(1)
    expect(warnings[0]?.msg).toContain(STATSD_HOST)
  },
)
