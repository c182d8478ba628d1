import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectProblem } from '../support/expect-problem.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

const NOW = '2025-10-07T07:46:26.943Z'
const METADATA = { created_at: NOW, updated_at: NOW, source: 'api', compute_id: 'None', ttl: 'None' }

// One BatchGetItem of DynamoDB answers with 16 MB at most, one of the embedded store with 1 MB.
const LARGE_CATEGORIES = 45
const LARGE_VALUE_LENGTH = 390_000
const LARGE_CATEGORIES_PER_WRITE = 9

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

function namesFrom(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`)
}

test('named features are returned, those not stored and categories not stored are listed', async () => {
  await service.write('named', { cat1: { f1: 'v', f3: 3 }, cat3: { other: true } })

  const reply = await service.filter('named', { cat1: ['f1', 'f2'], cat2: [], cat3: ['other'] })

  expect(reply.status).toBe(200)
  expect(reply.json).toStrictEqual({
    identifier: 'named',
    table_type: 'bright_uid',
    items: { cat1: item('named', 'cat1', { f1: 'v' }), cat3: item('named', 'cat3', { other: true }) },
    missing_categories: ['cat2'],
    missing_features: { cat1: ['f2'] },
  })
})

test('the members of a reply come in the documented order', async () => {
  await service.write('ordered', { cat: { f: 1 } })

  const { text } = await service.filter('ordered', { cat: [] })

  expect(text).toBe(
    '{"identifier":"ordered","table_type":"bright_uid","items":{"cat":{"bright_uid":"ordered","category":"cat",' +
      `"features":{"data":{"f":1},"metadata":${JSON.stringify(METADATA)}}}},"missing_categories":[],"missing_features":{}}`,
  )
})

test('an empty list asks for the whole category, an empty category included', async () => {
  await service.write('whole', { full: { a: 1, b: [2] }, empty: {} })

  const { json } = await service.filter('whole', { full: [], empty: [] })

  expect(json).toMatchObject({ missing_categories: [], missing_features: {} })
  expect(json).toHaveProperty('items', { full: item('whole', 'full', { a: 1, b: [2] }), empty: item('whole', 'empty', {}) })
})

test('a category whose features are all missing is still an item, with no data', async () => {
  await service.write('none-of-them', { cat: { a: 1 } })

  const { json } = await service.filter('none-of-them', { cat: ['x', 'y'] })

  expect(json).toMatchObject({ missing_categories: [], missing_features: { cat: ['x', 'y'] } })
  expect(json).toHaveProperty('items', { cat: item('none-of-them', 'cat', {}) })
})

test('a feature stored as null is returned as null and is not missing', async () => {
  await service.write('nulls', { cat: { stored: null } })

  const { json } = await service.filter('nulls', { cat: ['stored', 'absent'] })

  expect(json).toHaveProperty('items.cat.features.data', { stored: null })
  expect(json).toHaveProperty('missing_features', { cat: ['absent'] })
})

test('a feature named twice is returned once, and listed once when missing', async () => {
  await service.write('twice', { cat: { a: 1 } })

  const { json } = await service.filter('twice', { cat: ['a', 'x', 'a', 'x'] })

  expect(json).toHaveProperty('items.cat.features.data', { a: 1 })
  expect(json).toHaveProperty('missing_features', { cat: ['x'] })
})

test("names of Object's own members are merely missing when they are not stored", async () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
  await service.write('members', { cat: { a: 1 } })

  const { text, json } = await service.filter('members', { cat: ['a', ...names] })

  expect(json).toHaveProperty('items.cat.features.data', { a: 1 })
  expect(text).toContain(`"missing_features":{"cat":${JSON.stringify(names)}}`)
})

test("names of Object's own members are features and categories like any other when they are stored", async () => {
  const data = { constructor: 1, toString: null, hasOwnProperty: 'x', toJSON: 2 }
  await service.write('stored-members', { constructor: data, toString: { a: 1 }, toJSON: {} })

  const { json } = await service.filter('stored-members', {
    constructor: Object.keys(data),
    toString: ['a'],
    toJSON: [],
    isPrototypeOf: [],
  })

  expect(json).toHaveProperty('items', {
    constructor: item('stored-members', 'constructor', data),
    toString: item('stored-members', 'toString', { a: 1 }),
    toJSON: item('stored-members', 'toJSON', {}),
  })
  expect(json).toMatchObject({ missing_categories: ['isPrototypeOf'], missing_features: {} })
})

test('categories named __proto__ and constructor are merely missing', async () => {
  await service.write('proto', { cat: { a: 1 } })

  const { json } = await service.filter('proto', '{"__proto__":["a"],"constructor":[],"cat":[]}')

  expect(json).toMatchObject({ missing_categories: ['__proto__', 'constructor'], missing_features: {} })
  expect(json).toHaveProperty('items', { cat: item('proto', 'cat', { a: 1 }) })
})

test.for(['{"cat":["a"],"other":[]}', '{"__proto__":[]}', '{"constructor":[]}'])(
  'no category of %s stored answers 404',
  async (mapping) => {
    const reply = await service.filter('nobody', mapping)

    expect(expectProblem(reply, 404, 'ITEM_NOT_FOUND').detail).toBe('No items found for provided mapping')
  },
)

test('each table answers for itself, under its own key', async () => {
  await service.write('shared', { cat: { from: 'bright_uid' } }, 'bright_uid')
  await service.write('shared', { cat: { from: 'account_id' } }, 'account_id')
  await service.write('shared', { only: { here: 1 } }, 'account_id')

  const bright = await service.filter('shared', { cat: [], only: [] }, 'bright_uid')
  const account = await service.filter('shared', { cat: [], only: [] }, 'account_id')

  expect(bright.json).toMatchObject({ table_type: 'bright_uid', missing_categories: ['only'] })
  expect(bright.json).toHaveProperty('items', { cat: item('shared', 'cat', { from: 'bright_uid' }) })
  expect(account.json).toMatchObject({ table_type: 'account_id', missing_categories: [] })
  expect(account.json).toHaveProperty('items.cat', {
    account_id: 'shared',
    category: 'cat',
    features: { data: { from: 'account_id' }, metadata: METADATA },
  })
})

test('without table_type the table is bright_uid', async () => {
  await service.write('default-table', { cat: { a: 1 } })

  const { json } = await service.request('POST', '/api/v1/get/item/default-table', { cat: [] })

  expect(json).toMatchObject({ table_type: 'bright_uid', items: { cat: { bright_uid: 'default-table' } } })
})

test('1,000 categories, ten batches of them, are all found', async () => {
  const categories = namesFrom('cat', 1000)
  for (const half of [categories.slice(0, 500), categories.slice(500)]) {
    await service.write('thousand', Object.fromEntries(half.map((category) => [category, { category }])))
  }

  const reply = await service.filter('thousand', Object.fromEntries(categories.map((category) => [category, ['category']])))

  expect(reply).toMatchObject({ status: 200, json: { missing_categories: [], missing_features: {} } })
  const expected = categories.map((category) => [category, item('thousand', category, { category })])
  expect(reply.json).toHaveProperty('items', Object.fromEntries(expected))
})

test('missing categories are listed in the order asked for, across batches', async () => {
  const absent = namesFrom('absent', 150)
  await service.write('sparse', { first: {}, last: {} })

  const { json } = await service.filter('sparse', Object.fromEntries(['first', ...absent, 'last'].map((name) => [name, []])))

  expect(json).toHaveProperty('missing_categories', absent)
  expect(json).toHaveProperty('items', { first: item('sparse', 'first', {}), last: item('sparse', 'last', {}) })
})

test('1,001 categories are refused', async () => {
  const reply = await service.filter('thousand-one', Object.fromEntries(namesFrom('cat', 1001).map((category) => [category, []])))

  expectProblem(reply, 422, 'VALIDATION_FAILED')
})

test('a reply larger than one BatchGetItem can hold is complete', async () => {
  const categories = namesFrom('large', LARGE_CATEGORIES)
  const largeValue = (category: string) => category.padEnd(LARGE_VALUE_LENGTH, '.')
  for (let start = 0; start < LARGE_CATEGORIES; start += LARGE_CATEGORIES_PER_WRITE) {
    const part = categories.slice(start, start + LARGE_CATEGORIES_PER_WRITE)
    const written = await service.write(
      'large',
      Object.fromEntries(part.map((category) => [category, { value: largeValue(category) }])),
    )
    expect(written.status).toBe(200)
  }

  const reply = await service.filter('large', Object.fromEntries(categories.map((category) => [category, []])))

  expect(reply).toMatchObject({ status: 200, json: { missing_categories: [] } })
  const { items } = reply.json as { items: Record<string, ReturnType<typeof item>> }
  expect(Object.keys(items)).toStrictEqual(categories)
  const broken = categories.filter(
    (category) => JSON.stringify(items[category]) !== JSON.stringify(item('large', category, { value: largeValue(category) })),
  )
  expect(broken).toStrictEqual([])
})
