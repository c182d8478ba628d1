import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectProblem } from '../support/expect-problem.ts'
import { FUTURE_MS } from '../support/future-time.ts'
import { type Item, startTestService, type TestService } from '../support/test-service.ts'
import { WRITE_KINDS, type WriterMetadata, writeWith } from '../support/timed-writes.ts'

const LIMIT_BYTES = 400 * 1024

/** As many characters as they may be, and as many bytes. */
const LONG_TEXT = 'x'.repeat(256)
const FOXES = '🦊'.repeat(256)

const EVENT_TIME = '2025-10-07T07:40:00.123456789Z'

/** With the bytes that an item of such metadata has more than one of none (DynamoDB Developer Guide, "DynamoDB item sizes and formats"). */
const CASES: [string, WriterMetadata, number][] = [
  ['no metadata', {}, 0],
  ['a long source and compute_id', { source: LONG_TEXT, compute_id: LONG_TEXT }, 256 - 'api'.length + 256 - 'None'.length],
  ['a short source', { source: 'x' }, 1 - 'api'.length],
  // Two digits a byte, and one byte more: 5 digits in the place of "None", and 10 of the expiry.
  ['a ttl', { ttl: 12_345 }, 4 - 'None'.length + 'expires_at'.length + 6],
  ['an event time', { event_time: '2025-10-07T07:40:00.001Z' }, 'event_time'.length + 8],
  ['an event time of nanoseconds', { event_time: EVENT_TIME }, 'event_time'.length + 11],
  ['all of it', { source: LONG_TEXT, compute_id: LONG_TEXT, ttl: 12_345, event_time: EVENT_TIME }, 505 + 16 + 21],
]

let service: TestService
/** The longest string that the store takes as the only feature of an item without metadata. */
let roomWithoutMetadata = LIMIT_BYTES - 1000
let callsToStore = 0
let entities = 0

beforeAll(async () => {
  service = await startTestService({ now: () => new Date(FUTURE_MS) })
  const item = await writeEmpty({})
  for (let refused = LIMIT_BYTES; refused - roomWithoutMetadata > 1; ) {
    const middle = Math.floor((roomWithoutMetadata + refused) / 2)
    if (await storeTakes(item, middle)) roomWithoutMetadata = middle
    else refused = middle
  }
  service.store.client.middlewareStack.add(
    (next) => (args) => {
      callsToStore += 1
      return next(args)
    },
    { step: 'finalizeRequest', priority: 'low' },
  )
})

afterAll(async () => {
  await service.close()
})

/** Names of one length, each used once: an event time stays with its item. */
function newIdentifier(): string {
  entities += 1
  return `entity-${String(entities).padStart(4, '0')}`
}

/** An item of this metadata and no features, as the service stores it. */
async function writeEmpty(metadata: WriterMetadata): Promise<Item> {
  const identifier = newIdentifier()
  await writeWith(service, identifier, { cat: {} }, metadata)
  return (await service.stored(identifier, 'cat')) ?? {}
}

/** Whether the store itself takes the item with one feature of so many characters. */
async function storeTakes(item: Item, length: number): Promise<boolean> {
  const metadata = item.features?.M?.metadata ?? { M: {} }
  const features = { M: { data: { M: { pad: { S: 'x'.repeat(length) } } }, metadata } }
  try {
    await service.put({ ...item, features })
    return true
  } catch (error) {
    if (error instanceof Error && error.message.includes('Item size has exceeded')) return false
    throw error
  }
}

function pad(length: number) {
  return { pad: 'x'.repeat(length) }
}

test.for(CASES)('with %s the largest item that the store takes is accepted, and a byte more is 413', async (sized) => {
  const [, metadata, bytes] = sized
  const room = roomWithoutMetadata - bytes
  const [item, identifier] = [await writeEmpty(metadata), newIdentifier()]

  const fits = await writeWith(service, identifier, { cat: pad(room) }, metadata)
  const before = await service.stored(identifier, 'cat')
  const over = await writeWith(service, identifier, { cat: pad(room + 1) }, metadata)

  expect([await storeTakes(item, room), await storeTakes(item, room + 1)]).toEqual([true, false])
  expect(fits.status).toBe(200)
  expectProblem(over, 413, 'ITEM_TOO_LARGE')
  expect(await service.stored(identifier, 'cat')).toEqual(before)
})

test('every byte of source and compute_id counts, though the embedded store counts characters', async () => {
  const metadata = { source: FOXES, compute_id: FOXES }
  const room = roomWithoutMetadata - (2 * 4 * 256 - 'apiNone'.length)
  const identifier = newIdentifier()

  const fits = await writeWith(service, identifier, { cat: pad(room) }, metadata)
  callsToStore = 0
  const over = await writeWith(service, identifier, { cat: pad(room + 1) }, metadata)

  expect(fits.status).toBe(200)
  expectProblem(over, 413, 'ITEM_TOO_LARGE')
  expect(callsToStore).toBe(0)
})

test.for(WRITE_KINDS)(
  'a category that only the metadata puts over the limit is 413 before anything is written: $kind',
  async (write) => {
    const [identifier, categories] = [newIdentifier(), { small: { f: 1 }, cat: pad(roomWithoutMetadata) }]
    const fits = await write.send(service, identifier, { cat: categories.cat }, '')
    const before = await service.stored(identifier, 'cat')
    callsToStore = 0

    const over = await write.send(service, identifier, categories, `?source=${LONG_TEXT}`)
    const calls = callsToStore

    expect(fits.status).toBe(200)
    expect(expectProblem(over, 413, 'ITEM_TOO_LARGE').detail).toContain('"cat"')
    expect(calls).toBe(0)
    expect(await service.stored(identifier, 'cat')).toEqual(before)
    expect(await service.stored(identifier, 'small')).toBeUndefined()
  },
)
