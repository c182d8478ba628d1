import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { expect, onTestFinished, test } from 'vitest'
import { createStoreClock } from '../../src/dynamodb/store-clock.ts'
import { success } from '../support/dynamodb-replies.ts'
import { startScriptedDynamoDB } from '../support/scripted-dynamodb.ts'

const MINUTE_MS = 60_000
// The header's second, and what a busy machine takes.
const TOLERANCE_MS = 3000

/** A clock by a store whose own is so far from this machine's; `ask` has the store reply once. */
async function startClock(dateOf: () => string) {
  const store = await startScriptedDynamoDB(() => ({ ...success({ Table: {} }), headers: { date: dateOf() } }))
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new DynamoDBClient({ endpoint: store.url, region: 'us-east-1', credentials })
  onTestFinished(async () => {
    client.destroy()
    await store.close()
  })
  const now = createStoreClock(client)
  return {
    offsetMs: (): number => now().getTime() - Date.now(),
    ask: async (): Promise<void> => {
      await client.send(new DescribeTableCommand({ TableName: 'table' }))
    },
  }
}

test.for([-5 * MINUTE_MS, 5 * MINUTE_MS])('a clock that is %i ms from the store’s goes by the store’s', async (shiftMs) => {
  const { offsetMs, ask } = await startClock(() => new Date(Date.now() + shiftMs).toUTCString())

  await ask()

  expect(Math.abs(offsetMs() - shiftMs)).toBeLessThan(TOLERANCE_MS)
})

test.for([
  ['right, to the second', (): string => new Date().toUTCString()],
  ['no date', (): string => 'soon'],
] as const)('a store whose date is %s changes nothing', async ([_, dateOf]) => {
  const { offsetMs, ask } = await startClock(dateOf)

  for (let reply = 0; reply < 5; reply += 1) await ask()

  expect(Math.abs(offsetMs())).toBeLessThanOrEqual(1)
})

test('before the first reply it is this machine’s own', async () => {
  const { offsetMs } = await startClock(() => 'Thu, 01 Jan 1970 00:00:00 GMT')

  expect(Math.abs(offsetMs())).toBeLessThanOrEqual(1)
})
