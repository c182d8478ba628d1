import { expect, test } from 'vitest'
import { conditionFailed } from '../support/dynamodb-replies.ts'
import { expectProblem } from '../support/expect-problem.ts'
import type { Call } from '../support/scripted-dynamodb.ts'
import { startScriptedService } from '../support/scripted-service.ts'
import type { Item } from '../support/test-service.ts'
import { type WriterMetadata, writeWith } from '../support/timed-writes.ts'

const NOW = new Date('2025-10-07T07:46:26.943Z')
const NOW_SECONDS = Math.floor(NOW.getTime() / 1000)
const EVENT = '2025-10-07T07:00:00.000Z'

/** What DynamoDB stores of an item, beside its features. */
function stored(attributes: Item): Item {
  const timestamp = { S: '2025-10-01T00:00:00.000Z' }
  const metadata = { updated_at: timestamp, source: { S: 'api' }, compute_id: { S: 'None' }, ttl: { S: 'None' } }
  return {
    bright_uid: { S: 'user' },
    category: { S: 'cat' },
    features: { M: { data: { M: {} }, metadata: { M: metadata } } },
    created_at: timestamp,
    version: { N: String(Date.parse('2025-10-01T00:00:00.000Z')) },
    ...attributes,
  }
}

/** Writes where the first update meets this item and is refused, and others succeed; the reply and the operations. */
async function writeOver(item: Item, metadata: WriterMetadata) {
  const { service, dynamodb } = await startScriptedService(
    ({ number }: Call) => (number === 1 ? conditionFailed(item) : { status: 200, text: '{}' }),
    { now: () => NOW },
  )
  const reply = await writeWith(service, 'user', { cat: { f: 1 } }, metadata)
  return { reply, operations: dynamodb.operations() }
}

test('where DynamoDB returns the item, a stale write is one UpdateItem and nothing else', async () => {
  const { reply, operations } = await writeOver(stored({ event_time: { N: String(Date.parse(EVENT)) } }), { event_time: 1 })

  expect(expectProblem(reply, 409, 'STALE_WRITE')).toMatchObject({ stored_event_time: EVENT })
  expect(operations).toEqual(['UpdateItem'])
})

test('where DynamoDB returns the item, a write over an expired one is two UpdateItems and nothing else', async () => {
  const { reply, operations } = await writeOver(stored({ expires_at: { N: String(NOW_SECONDS) } }), { event_time: 1, ttl: 60 })

  expect(reply.status).toBe(200)
  expect(operations).toEqual(['UpdateItem', 'UpdateItem'])
})

test('an expired item with a newer event time makes no write stale', async () => {
  const item = stored({ expires_at: { N: String(NOW_SECONDS) }, event_time: { N: String(Date.parse(EVENT)) } })

  const { reply } = await writeOver(item, { event_time: 1 })

  expect(reply.status).toBe(200)
})

test('a later version and a newer event time at once are stale: the write is not tried again', async () => {
  const item = stored({ version: { N: String(NOW.getTime() + 1000) }, event_time: { N: String(Date.parse(EVENT)) } })

  const { reply, operations } = await writeOver(item, { event_time: 1 })

  expect(reply.status).toBe(409)
  expect(operations).toEqual(['UpdateItem'])
})

test('a later version alone is no staleness: the write is tried again above it', async () => {
  const item = stored({ version: { N: String(NOW.getTime() + 1000) }, event_time: { N: '1' } })

  const { reply, operations } = await writeOver(item, { event_time: EVENT })

  expect(reply.status).toBe(200)
  expect(operations).toEqual(['UpdateItem', 'UpdateItem'])
})
