import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { entitiesOf, readMany, writeMany } from '../support/entity-calls.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

const TOO_LARGE = 'x'.repeat(410_000)

let service: TestService
let before: string

beforeAll(async () => {
  service = await startTestService()
  await service.write('u0', { cat0: { f: 'before' } })
})

beforeEach(async () => {
  before = await service.dump()
})

afterAll(async () => {
  await service.close()
})

/** So many entities with so many categories each. */
function bodyOf(entities: number, categories: number) {
  const features = Object.fromEntries(Array.from({ length: categories }, (_, index) => [`cat${index}`, { f: index }]))
  return Object.fromEntries(Array.from({ length: entities }, (_, index) => [`u${index}`, features]))
}

test.for([
  [501, 1],
  [1, 501],
  [167, 3],
] as const)(
  '%i entities with %i categories each are over 500 in all: refused, and none is written',
  async ([entities, categories]) => {
    const reply = await writeMany(service, bodyOf(entities, categories))

    expectProblem(reply, 422, 'VALIDATION_FAILED')
    expect(reply.json).toHaveProperty('errors.0.path', '$')
    expect(await service.dump()).toBe(before)
  },
)

test.for(['first', 'last'])('an item too large, the %s of many, keeps all from being written', async (place) => {
  const large = { large: { cat: { f: TOO_LARGE } } }

  const reply = await writeMany(service, { ...(place === 'first' ? large : {}), ...bodyOf(3, 2), ...large })

  expect(expectProblem(reply, 413, 'ITEM_TOO_LARGE').detail).toContain('Nothing was written')
  expect(await service.dump()).toBe(before)
})

test('a fault in one entity keeps all from being written', async () => {
  const reply = await writeMany(service, { ...bodyOf(3, 2), faulty: { cat: { '': 1 } } })

  expectProblem(reply, 422, 'VALIDATION_FAILED')
  expect(await service.dump()).toBe(before)
})

test.for([
  ['source', 's'.repeat(257)],
  ['ttl', '0'],
  ['event_time', 'yesterday'],
] as const)('a bad %s keeps all from being written', async ([name, value]) => {
  const reply = await writeMany(service, bodyOf(3, 2), { [name]: value })

  expectProblem(reply, 422, 'VALIDATION_FAILED')
  expect(reply.json).toHaveProperty('errors.0.path', name)
  expect(await service.dump()).toBe(before)
})

test('100 entities with 5 categories each are 500 in all, and all are written', async () => {
  const body = bodyOf(100, 5)

  const reply = await writeMany(service, body, { table_type: 'account_id' })

  expect(reply).toMatchObject({ status: 200, json: { total_features: 500 } })
  const categories = Object.keys(body.u0 ?? {})
  const replaced = Object.fromEntries(categories.map((category) => [category, { status: 'replaced', feature_count: 1 }]))
  expect(reply.json).toHaveProperty('results', Object.fromEntries(Object.keys(body).map((id) => [id, replaced])))
  const mapping = Object.fromEntries(categories.map((category) => [category, ['f']]))
  const entities = entitiesOf(await readMany(service, Object.keys(body), mapping, { table_type: 'account_id' }))
  const stored = entities.map(({ identifier, items }) => [
    identifier,
    Object.fromEntries(Object.entries(items).map(([category, { features }]) => [category, features.data])),
  ])
  expect(Object.fromEntries(stored)).toStrictEqual(body)
})
