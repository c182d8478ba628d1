import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { FUTURE_MS } from '../support/future-time.ts'
import { READ_KINDS } from '../support/read-kinds.ts'
import { passEverything } from '../support/scripted-dynamodb.ts'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'
import type { TestService } from '../support/test-service.ts'
import { type WriterMetadata, writeEntitiesWith, writeWith } from '../support/timed-writes.ts'

/** The embedded store does not return the item with a condition that failed: it is read instead. */
const LOOK_AT_ITEM = inject('storeEndpoint') === 'embedded' ? ['GetItem'] : []

let fleet: ServiceFleet
let service: TestService
let nowMs = FUTURE_MS

beforeAll(async () => {
  fleet = await startFleet()
  service = await fleet.start({ now: () => new Date(nowMs) })
})

beforeEach(() => {
  nowMs += 10
})

afterAll(async () => {
  await fleet.close()
})

/** Writes a category, and forgets the calls that it took. */
async function seed(identifier: string, metadata: WriterMetadata, categories: object = { cat: { f: 1 } }): Promise<void> {
  await writeWith(service, identifier, categories, metadata)
  nowMs += 10
  fleet.dynamodb.use(passEverything)
}

const ALL = { source: 'job', compute_id: 'run', ttl: 60, event_time: 5 }

const ONE_CALL: [string, WriterMetadata | undefined, WriterMetadata][] = [
  ['a first write with all metadata', undefined, ALL],
  ['a write with all metadata over one without any', {}, ALL],
  ['a write without metadata over one with all', ALL, {}],
  ['a write with a ttl over one that is to expire', { ttl: 60 }, { ttl: 60 }],
  ['a write of a newer event time', { event_time: 5 }, { event_time: 6 }],
  ['a write of an equal event time', { event_time: 5 }, { event_time: 5 }],
]

test.for(ONE_CALL)('%s is one UpdateItem', async ([what, before, metadata]) => {
  if (before) await seed(what, before)
  fleet.dynamodb.use(passEverything)

  const { status } = await writeWith(service, what, { cat: { f: 2 } }, metadata)

  expect(status).toBe(200)
  expect(fleet.dynamodb.operations()).toEqual(['UpdateItem'])
})

test('a write of 100 categories with all metadata is one UpdateItem each', async () => {
  const categories = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`cat${index}`, { index }]))
  await seed('many', ALL, categories)

  const { status } = await writeEntitiesWith(service, { many: categories, others: categories }, ALL)

  expect(status).toBe(200)
  expect(fleet.dynamodb.operations()).toEqual(Array(100).fill('UpdateItem'))
})

test.for([{}, ALL])('a write over an expired item is two UpdateItems, with %o', async (metadata) => {
  const identifier = `expired-${Object.keys(metadata).length}`
  await seed(identifier, { ttl: 1 })
  nowMs += 5000

  const { status } = await writeWith(service, identifier, { cat: { f: 2 } }, metadata)

  expect(status).toBe(200)
  expect(fleet.dynamodb.operations()).toEqual(['UpdateItem', ...LOOK_AT_ITEM, 'UpdateItem'])
  const looks = fleet.dynamodb.calls().filter(({ operation }) => operation === 'GetItem')
  expect(looks.map(({ body }) => body)).toMatchObject(looks.map(() => ({ ConsistentRead: true })))
})

test('only the expired ones among the categories of a write need a second UpdateItem', async () => {
  await seed('some', { ttl: 1 }, { expired1: {}, expired2: {} })
  nowMs += 5000
  await seed('some', {}, { alive1: {}, alive2: {} })

  const { status } = await service.write('some', { expired1: {}, expired2: {}, alive1: {}, alive2: {}, never: {} })

  expect(status).toBe(200)
  const operations = fleet.dynamodb.operations()
  expect(operations.filter((operation) => operation === 'UpdateItem')).toHaveLength(5 + 2)
  expect(operations).toHaveLength(5 + 2 + 2 * LOOK_AT_ITEM.length)
})

test('a new life is one UpdateItem a write again', async () => {
  await seed('anew', { ttl: 1 })
  nowMs += 5000
  await seed('anew', ALL)

  await writeWith(service, 'anew', { cat: { f: 3 } }, ALL)

  expect(fleet.dynamodb.operations()).toEqual(['UpdateItem'])
})

test('a stale write is one UpdateItem', async () => {
  await seed('stale', { event_time: 5 })

  const { status } = await writeWith(service, 'stale', { cat: { f: 2 } }, { event_time: 4 })

  expect(status).toBe(409)
  expect(fleet.dynamodb.operations()).toEqual(['UpdateItem', ...LOOK_AT_ITEM])
})

test('a write whose metadata is refused costs no call', async () => {
  fleet.dynamodb.use(passEverything)

  const { status } = await writeWith(service, 'refused', { cat: {} }, { ttl: 0 })

  expect(status).toBe(422)
  expect(fleet.dynamodb.operations()).toEqual([])
})

test.for(READ_KINDS)('an expired item costs a read no call more: $kind', async ({ kind, look }) => {
  await seed(kind, ALL)
  await look(service, kind, 'cat', 'bright_uid')
  const alive = fleet.dynamodb.operations()
  nowMs += 100_000
  fleet.dynamodb.use(passEverything)

  const item = await look(service, kind, 'cat', 'bright_uid')

  expect(item).toBeUndefined()
  expect(fleet.dynamodb.operations()).toEqual(alive)
  expect(alive).toHaveLength(1)
})
