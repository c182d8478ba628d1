import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { categoryOf } from '../support/dynamodb-replies.ts'
import { deleteEntity, deleteItem, patchItem, writeWith } from '../support/item-changes.ts'
import { passEverything, type ScriptedReply } from '../support/scripted-dynamodb.ts'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'
import { createSteppingClock } from '../support/stepping-clock.ts'
import type { TestService } from '../support/test-service.ts'

type State = 'there' | 'not there' | 'deleted' | 'expired'

const STATES: State[] = ['there', 'not there', 'deleted', 'expired']

const clock = createSteppingClock()

let fleet: ServiceFleet
let service: TestService

beforeAll(async () => {
  fleet = await startFleet()
  service = await fleet.start({ now: clock.now })
})

beforeEach(() => {
  fleet.dynamodb.use(passEverything)
})

afterAll(async () => {
  await fleet.close()
})

/** Brings a category into a state, and forgets the calls so far. */
async function bring(identifier: string, state: State, category = 'cat'): Promise<void> {
  const query = state === 'expired' ? { ttl: '1' } : {}
  if (state !== 'not there') await writeWith(service, identifier, { [category]: { f: 1 } }, { query })
  if (state === 'deleted') await deleteItem(service, identifier, category)
  if (state === 'expired') clock.pass(2)
  fleet.dynamodb.use(passEverything)
}

/** The embedded store does not tell what it has where a condition fails: there a consistent read may come before another try. */
function withoutReadsOfEmbedded(operations: readonly string[]): string[] {
  return operations.filter((operation) => inject('storeEndpoint') !== 'embedded' || operation !== 'GetItem')
}

test.for(STATES)('a delete of one category that is %s is one UpdateItem', async (state) => {
  await bring(`delete ${state}`, state)

  const reply = await deleteItem(service, `delete ${state}`, 'cat')

  expect(reply.status).toBe(200)
  expect(fleet.dynamodb.operations()).toEqual(['UpdateItem'])
})

test('a merge into what is there is one UpdateItem', async () => {
  await bring('merge', 'there')

  const reply = await patchItem(service, 'merge', 'cat', { g: 2, f: null })

  expect(reply.status).toBe(200)
  expect(fleet.dynamodb.operations()).toEqual(['UpdateItem'])
})

test.for(['not there', 'deleted', 'expired'] as const)('a merge into what is %s is two UpdateItems', async (state) => {
  await bring(`merge ${state}`, state)

  const reply = await patchItem(service, `merge ${state}`, 'cat', { g: 2 })

  expect(reply.status).toBe(200)
  expect(withoutReadsOfEmbedded(fleet.dynamodb.operations())).toEqual(['UpdateItem', 'UpdateItem'])
})

test('a write over what was deleted is one UpdateItem', async () => {
  await bring('write', 'deleted')

  await service.write('write', { cat: { f: 2 } })

  expect(fleet.dynamodb.operations()).toEqual(['UpdateItem'])
})

test('a delete of an entity is one Query, strongly consistent, and an UpdateItem for each category not deleted yet', async () => {
  for (const [category, state] of Object.entries({ a: 'there', b: 'deleted', c: 'there', d: 'expired' } as const)) {
    await bring('entity', state, category)
  }
  fleet.dynamodb.use(passEverything)

  const reply = await deleteEntity(service, 'entity')

  expect(reply).toMatchObject({ status: 200, json: { deleted: 2 } })
  expect(fleet.dynamodb.operations()).toEqual(['Query', 'UpdateItem', 'UpdateItem', 'UpdateItem'])
  const [query, ...updates] = fleet.dynamodb.calls()
  expect(query?.body).toMatchObject({ ConsistentRead: true })
  expect(updates.map(categoryOf).toSorted()).toEqual(['a', 'c', 'd'])
})

test.for(['not there', 'deleted'] as const)('a delete of an entity whose categories are %s is one Query', async (state) => {
  await bring(`entity ${state}`, state)

  const reply = await deleteEntity(service, `entity ${state}`)

  expect(reply.status).toBe(200)
  expect(fleet.dynamodb.operations()).toEqual(['Query'])
})

test('a delete of an entity has 32 UpdateItems under way at once and never more', async () => {
  const names = Array.from({ length: 40 }, (_, index) => [`cat${index}`, { index }])
  await service.write('bounded', Object.fromEntries(names))
  const boundReached = Promise.withResolvers<void>()
  let updates = 0
  fleet.dynamodb.use(async ({ operation }): Promise<ScriptedReply> => {
    if (operation !== 'UpdateItem') return 'pass'
    updates += 1
    if (updates === 32) boundReached.resolve()
    await boundReached.promise
    return 'pass'
  })

  const reply = await deleteEntity(service, 'bounded')

  expect(reply).toMatchObject({ status: 200, json: { deleted: 40 } })
  expect(fleet.dynamodb.peakInFlight('UpdateItem')).toBe(32)
})

test.for([
  ['an empty patch', 'PATCH', '/api/v1/items/user/cat', '{}'],
  ['a patch with a number that cannot be kept', 'PATCH', '/api/v1/items/user/cat', '{"f":1e200}'],
  ['a patch too large for any item', 'PATCH', '/api/v1/items/user/cat', `{"f":"${'x'.repeat(400 * 1024)}"}`],
  ['a patch of an unknown table', 'PATCH', '/api/v1/items/user/cat?table_type=other', '{"f":1}'],
  ['a delete in an unknown table', 'DELETE', '/api/v1/items/user/cat?table_type=other', undefined],
  ['a delete of an identifier too long', 'DELETE', `/api/v1/items/${'i'.repeat(2049)}`, undefined],
] as const)('%s never reaches DynamoDB', async ([_, method, url, body]) => {
  const reply = await service.request(method, url, body)

  expect(reply.status).toBeGreaterThanOrEqual(400)
  expect(reply.status).toBeLessThan(500)
  expect(fleet.dynamodb.calls()).toEqual([])
})
