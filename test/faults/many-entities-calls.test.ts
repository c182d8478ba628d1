import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { categoryOf } from '../support/dynamodb-replies.ts'
import { entitiesOf, readMany, writeMany } from '../support/entity-calls.ts'
import { keysAskedOf } from '../support/query-replies.ts'
import { passEverything, type ScriptedDynamoDB, type ScriptedReply } from '../support/scripted-dynamodb.ts'
import { startProxiedService } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'

let dynamodb: ScriptedDynamoDB
let service: TestService
let close: () => Promise<void>

beforeAll(async () => {
  ;({ dynamodb, service, close } = await startProxiedService())
})

beforeEach(() => {
  dynamodb.use(passEverything)
})

afterAll(async () => {
  await close()
})

function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`)
}

function mappingOf(count: number) {
  return Object.fromEntries(names('cat', count).map((category) => [category, []]))
}

function pairsOf(identifiers: number, categories: number): string[] {
  return names('user', identifiers).flatMap((identifier) =>
    names('cat', categories).map((category) => `${identifier}/${category}`),
  )
}

/** Nobody is answered before so many calls are under way: without them there is no answer at all. */
function together(count: number) {
  const all = Promise.withResolvers<void>()
  return async ({ number }: { number: number }): Promise<ScriptedReply> => {
    if (number === count) all.resolve()
    await all.promise
    return 'pass'
  }
}

test.for([
  [1, 1, [1]],
  [10, 10, [100]],
  [101, 1, [100, 1]],
  [50, 5, [100, 100, 50]],
  [100, 10, Array(10).fill(100)],
  [1, 1000, Array(10).fill(100)],
  [1000, 1, Array(10).fill(100)],
] as const)(
  'a read of %i entities with %i categories each asks for each key once, in batches of %j',
  async ([count, each, sizes]) => {
    const reply = await readMany(service, names('user', count), mappingOf(each))

    expect(entitiesOf(reply)).toHaveLength(count)
    const asked = dynamodb.calls().map(keysAskedOf)
    expect(dynamodb.operations()).toEqual(sizes.map(() => 'BatchGetItem'))
    expect(asked.map(({ length }) => length).toSorted((a, b) => b - a)).toEqual(sizes)
    expect(asked.flat().toSorted()).toEqual(pairsOf(count, each).toSorted())
  },
)

test('the ten batches of 1,000 pairs are asked for side by side', async () => {
  dynamodb.use(together(10))

  const reply = await readMany(service, names('user', 100), mappingOf(10))

  expect(reply.status).toBe(200)
  expect(dynamodb.peakInFlight('BatchGetItem')).toBe(10)
})

test.for([
  [['a', 'b', 'a', 'a'], 2, 1],
  [Array(1000).fill('a'), 1, 1],
  [Array.from({ length: 500 }, (_, index) => `u${index % 150}`), 2, 3],
] as const)('what is asked for more than once is read once', async ([identifiers, each, calls]) => {
  const reply = await readMany(service, identifiers, mappingOf(each))

  expect(entitiesOf(reply).map(({ identifier }) => identifier)).toEqual(identifiers)
  const asked = dynamodb.calls().flatMap(keysAskedOf)
  expect(dynamodb.operations()).toEqual(Array(calls).fill('BatchGetItem'))
  expect(asked).toHaveLength(new Set(identifiers).size * each)
  expect(new Set(asked).size).toBe(asked.length)
})

test.for([
  ['bright_uid', 'account_id'],
  ['account_id', 'bright_uid'],
] as const)('only the table %s is asked', async ([table, other]) => {
  await readMany(service, ['u1', 'u2'], { cat: [] }, { table_type: table })

  const asked = dynamodb.calls().map(({ body }) => Object.keys(body.RequestItems ?? {}))
  expect(asked).toEqual([[service.tableNames[table]]])
  expect(asked.flat()).not.toContain(service.tableNames[other])
})

test.for([
  [1, 1],
  [3, 4],
  [100, 1],
  [1, 100],
] as const)(
  'a write of %i entities with %i categories each is one UpdateItem a category and nothing else',
  async ([count, each]) => {
    const body = Object.fromEntries(
      names(`written-${count}`, count).map((id) => [id, Object.fromEntries(names('cat', each).map((name) => [name, { f: 1 }]))]),
    )

    const first = await writeMany(service, body)
    const again = await writeMany(service, body)

    expect([first.status, again.status]).toEqual([200, 200])
    expect(dynamodb.operations()).toEqual(Array(2 * count * each).fill('UpdateItem'))
    const written = dynamodb.calls().map((call) => `${call.body.Key?.bright_uid?.S}/${categoryOf(call)}`)
    const expected = Object.entries(body).flatMap(([id, categories]) => Object.keys(categories).map((name) => `${id}/${name}`))
    expect(written.toSorted()).toEqual([...expected, ...expected].toSorted())
  },
)

test('a write with metadata is one UpdateItem a category, too', async () => {
  const query = { source: 'job', ttl: 60, event_time: '2025-10-07T07:00:00Z' }

  const reply = await writeMany(service, { m1: { cat: { f: 1 } }, m2: { cat: { f: 1 } } }, query)

  expect(reply.status).toBe(200)
  expect(dynamodb.operations()).toEqual(['UpdateItem', 'UpdateItem'])
})

test('of a write of many, 32 UpdateItems are in flight and never more, whatever entities they belong to', async () => {
  dynamodb.use(together(32))

  const body = Object.fromEntries(names('bounded', 20).map((id) => [id, { a: { f: 1 }, b: { f: 1 }, c: { f: 1 }, d: { f: 1 } }]))
  const reply = await writeMany(service, body)

  expect(reply.status).toBe(200)
  expect(dynamodb.calls()).toHaveLength(80)
  expect(dynamodb.peakInFlight('UpdateItem')).toBe(32)
})

test.for([
  ['/api/v1/get/items', '{"identifiers":["ok",""],"categories":{"cat":[]}}'],
  ['/api/v1/get/items', JSON.stringify({ identifiers: names('u', 1001), categories: { cat: [] } })],
  ['/api/v1/get/items?consistent=maybe', '{"identifiers":["ok"],"categories":{"cat":[]}}'],
  ['/api/v1/items', '{"ok":{"cat":{"f":1}},"bad":{}}'],
  ['/api/v1/items', '{"ok":{"cat":{"f":1}},"bad":{"cat":{"f":1e200}}}'],
  ['/api/v1/items', `{"ok":{"cat":{"f":1}},"bad":{"cat":{"f":"${'x'.repeat(410_000)}"}}}`],
  ['/api/v1/items?ttl=0', '{"ok":{"cat":{"f":1}}}'],
] as const)('what is refused never reaches DynamoDB: %s', async ([url, body]) => {
  const reply = await service.request('POST', url, body)

  expect([413, 422]).toContain(reply.status)
  expect(dynamodb.calls()).toEqual([])
})
