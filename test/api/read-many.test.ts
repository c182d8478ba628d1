import { afterAll, beforeAll, expect, test } from 'vitest'
import { entitiesOf, readMany, writeMany } from '../support/entity-calls.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

const NOW = '2099-10-07T07:46:26.943Z'
const METADATA = { created_at: NOW, updated_at: NOW, source: 'api', compute_id: 'None', ttl: 'None' }

let service: TestService

beforeAll(async () => {
  service = await startTestService({ now: () => new Date(NOW) })
})

afterAll(async () => {
  await service.close()
})

function item(identifier: string, category: string, data: object) {
  return { bright_uid: identifier, category, features: { data, metadata: METADATA } }
}

function entity(identifier: string, items: object, missingCategories: string[] = [], missingFeatures: object = {}) {
  return { identifier, items, missing_categories: missingCategories, missing_features: missingFeatures }
}

test('each entity is answered with what it has and what it lacks, in the order asked', async () => {
  await service.write('full', { cat1: { f1: 'v', f3: 3 }, cat2: { a: 1, b: null } })
  await service.write('half', { cat2: { a: 2 } })

  const reply = await readMany(service, ['half', 'nobody', 'full'], { cat1: ['f1', 'f2'], cat2: [] })

  expect(reply.status).toBe(200)
  expect(reply.json).toStrictEqual({
    table_type: 'bright_uid',
    entities: [
      entity('half', { cat2: item('half', 'cat2', { a: 2 }) }, ['cat1']),
      entity('nobody', {}, ['cat1', 'cat2']),
      entity('full', { cat1: item('full', 'cat1', { f1: 'v' }), cat2: item('full', 'cat2', { a: 1, b: null }) }, [], {
        cat1: ['f2'],
      }),
    ],
  })
})

test('the members of a reply come in the documented order', async () => {
  await service.write('ordered', { cat: { f: 1 } })

  const { text } = await readMany(service, ['ordered'], { cat: [] })

  expect(text).toBe(
    '{"table_type":"bright_uid","entities":[{"identifier":"ordered","items":{"cat":{"bright_uid":"ordered","category":"cat",' +
      `"features":{"data":{"f":1},"metadata":${JSON.stringify(METADATA)}}}},"missing_categories":[],"missing_features":{}}]}`,
  )
})

test('entities of which nothing is stored are no 404', async () => {
  const reply = await readMany(service, ['no-one', 'no-two'], { x: ['f'], y: [] })

  expect(reply.status).toBe(200)
  expect(entitiesOf(reply)).toStrictEqual([entity('no-one', {}, ['x', 'y']), entity('no-two', {}, ['x', 'y'])])
})

test('an identifier that is named twice is answered twice, in both places', async () => {
  await service.write('twice', { cat: { f: 1 } })

  const reply = await readMany(service, ['twice', 'once', 'twice', 'twice'], { cat: [], other: ['f'] })

  const twice = entity('twice', { cat: item('twice', 'cat', { f: 1 }) }, ['other'])
  expect(entitiesOf(reply)).toStrictEqual([twice, entity('once', {}, ['cat', 'other']), twice, twice])
})

test('the entities come in the order asked, not in that of their writing or of their names', async () => {
  const identifiers = Array.from({ length: 120 }, (_, index) => `order-${(index * 77) % 120}`)
  await writeMany(service, Object.fromEntries(identifiers.toSorted().map((identifier) => [identifier, { cat: { identifier } }])))

  const reply = await readMany(service, identifiers, { cat: [] })

  expect(entitiesOf(reply)).toStrictEqual(
    identifiers.map((identifier) => entity(identifier, { cat: item(identifier, 'cat', { identifier }) })),
  )
})

test('features are picked for each entity by itself', async () => {
  await service.write('has-a', { cat: { a: 1, c: 3 } })
  await service.write('has-b', { cat: { b: null, c: 3 } })
  await service.write('has-none', { cat: { c: 3 } })

  const reply = await readMany(service, ['has-a', 'has-b', 'has-none'], { cat: ['a', 'b', 'a'] })

  expect(entitiesOf(reply)).toStrictEqual([
    entity('has-a', { cat: item('has-a', 'cat', { a: 1 }) }, [], { cat: ['b'] }),
    entity('has-b', { cat: item('has-b', 'cat', { b: null }) }, [], { cat: ['a'] }),
    entity('has-none', { cat: item('has-none', 'cat', {}) }, [], { cat: ['a', 'b'] }),
  ])
})

test('each table answers for itself, under its own key', async () => {
  await service.write('shared', { cat: { from: 'bright_uid' } }, 'bright_uid')
  await service.write('shared', { cat: { from: 'account_id' } }, 'account_id')
  await service.write('only-account', { cat: { f: 1 } }, 'account_id')

  const byDefault = await readMany(service, ['shared', 'only-account'], { cat: [] })
  const account = await readMany(service, ['shared', 'only-account'], { cat: [] }, { table_type: 'account_id' })

  expect(byDefault.json).toHaveProperty('table_type', 'bright_uid')
  expect(entitiesOf(byDefault)).toStrictEqual([
    entity('shared', { cat: item('shared', 'cat', { from: 'bright_uid' }) }),
    entity('only-account', {}, ['cat']),
  ])
  expect(account.json).toHaveProperty('table_type', 'account_id')
  expect(entitiesOf(account)).toMatchObject([
    { identifier: 'shared', items: { cat: { account_id: 'shared', features: { data: { from: 'account_id' } } } } },
    { identifier: 'only-account', items: { cat: { account_id: 'only-account' } }, missing_categories: [] },
  ])
})

test('every digit of a number is kept', async () => {
  await service.write('exact', '{"cat":{"long":9007199254740993,"fraction":0.1234567890123456789,"large":1e40}}')

  const { text } = await readMany(service, ['exact'], { cat: [] })

  expect(text).toContain('"long":9007199254740993,')
  expect(text).toContain('0.1234567890123456789')
  expect(text).toMatch(/"large":1(e\+?40|0{40})\b/)
})

test('a strongly consistent read sees what was written just before', async () => {
  await service.write('fresh', { cat: { f: 1 } })

  const reply = await readMany(service, ['fresh'], { cat: [] }, { consistent: 'true' })

  expect(entitiesOf(reply)).toStrictEqual([entity('fresh', { cat: item('fresh', 'cat', { f: 1 }) })])
})
