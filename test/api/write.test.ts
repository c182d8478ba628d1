import { AsyncLocalStorage } from 'node:async_hooks'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectProblem } from '../support/expect-problem.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

const FIRST = '2025-10-07T07:46:26.943Z'
const LATER = '2025-10-08T00:00:00.000Z'
const WRITERS = 50

// What the time is may differ between writers that race.
const writersClock = new AsyncLocalStorage<string>()

let service: TestService
let now: string

// A service for each test: within one, versions never go back.
beforeEach(async () => {
  now = FIRST
  service = await startTestService({ now: () => new Date(writersClock.getStore() ?? now) })
})

afterEach(async () => {
  await service.close()
})

function manyCategories(count: number) {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`cat${index}`, { index }]))
}

test('the reply names every category with its number of features, and their sum', async () => {
  const reply = await service.write('counted', { cat1: { f1: 'v' }, cat2: { f2: 123, f3: null, f4: { deep: [1, 2] } } })

  expect(reply.status).toBe(200)
  expect(reply.text).toBe(
    '{"message":"Items written successfully (full replace per category)","identifier":"counted","table_type":"bright_uid",' +
      '"results":{"cat1":{"status":"replaced","feature_count":1},"cat2":{"status":"replaced","feature_count":3}},"total_features":4}',
  )
})

test('an empty category is accepted, stored, and counts no features', async () => {
  const reply = await service.write('empty', { cat: {} })

  expect(reply).toMatchObject({
    status: 200,
    json: { results: { cat: { status: 'replaced', feature_count: 0 } }, total_features: 0 },
  })
  const { json } = await service.read('empty', 'cat')
  expect(json).toHaveProperty('features.data', {})
})

test('a category is replaced as a whole, down to nothing', async () => {
  await service.write('replaced', { cat: { gone: 1, kept: { inner: 1, lost: 2 } } })

  await service.write('replaced', { cat: { kept: { inner: 3 } } })
  const smaller = await service.read('replaced', 'cat')
  await service.write('replaced', { cat: {} })
  const empty = await service.read('replaced', 'cat')

  expect(smaller.json).toHaveProperty('features.data', { kept: { inner: 3 } })
  expect(empty.json).toHaveProperty('features.data', {})
})

test('categories that a write does not name stay as they were', async () => {
  await service.write('neighbours', { cat1: { a: 1 }, cat2: { b: 2 } })
  const before = await service.stored('neighbours', 'cat2')
  now = LATER

  await service.write('neighbours', { cat1: { a: 9 } })

  expect(await service.stored('neighbours', 'cat2')).toStrictEqual(before)
})

test('created_at stays that of the first write and updated_at moves, each category by itself', async () => {
  await service.write('times', { old: { a: 1 } })
  now = LATER

  await service.write('times', { old: { a: 2 }, new: { a: 2 } })

  const { json } = await service.filter('times', { old: [], new: [] })
  expect(json).toMatchObject({
    items: {
      old: { features: { metadata: { created_at: FIRST, updated_at: LATER } } },
      new: { features: { metadata: { created_at: LATER, updated_at: LATER } } },
    },
  })
})

test('the same write sent twice leaves the features and created_at that one leaves', async () => {
  await service.write('again', { cat: { a: 1.5 } })
  const once = await service.stored('again', 'cat')
  now = LATER

  await service.write('again', { cat: { a: 1.5 } })

  const twice = await service.stored('again', 'cat')
  expect(twice?.features?.M?.data).toStrictEqual(once?.features?.M?.data)
  expect(twice?.created_at).toStrictEqual(once?.created_at)
})

test('of two writes in one millisecond the second is stored, and its version is the higher', async () => {
  await service.write('same-time', { cat: { a: 1 } })

  await service.write('same-time', { cat: { a: 2 } })

  const stored = await service.stored('same-time', 'cat')
  expect(stored?.features?.M?.data).toStrictEqual({ M: { a: { N: '2' } } })
  expect(stored?.version).toStrictEqual({ N: String(Date.parse(FIRST) + 1) })
})

test('the stored item has its documented attributes and no others', async () => {
  await service.write('layout', { cat: { f: 1 } }, 'account_id')

  expect(await service.stored('layout', 'cat', 'account_id')).toStrictEqual({
    account_id: { S: 'layout' },
    category: { S: 'cat' },
    created_at: { S: FIRST },
    version: { N: String(Date.parse(FIRST)) },
    features: {
      M: {
        data: { M: { f: { N: '1' } } },
        metadata: { M: { updated_at: { S: FIRST }, source: { S: 'api' }, compute_id: { S: 'None' }, ttl: { S: 'None' } } },
      },
    },
  })
})

test('the two tables are independent', async () => {
  await service.write('both', { cat: { from: 'bright_uid' } }, 'bright_uid')
  const reply = await service.write('both', { cat: { from: 'account_id' } }, 'account_id')

  const bright = await service.read('both', 'cat', 'bright_uid')
  const account = await service.read('both', 'cat', 'account_id')

  expect(reply.json).toMatchObject({ identifier: 'both', table_type: 'account_id' })
  expect(bright.json).toMatchObject({ bright_uid: 'both', features: { data: { from: 'bright_uid' } } })
  expect(account.json).toMatchObject({ account_id: 'both', features: { data: { from: 'account_id' } } })
})

test('what is written to one table is not in the other', async () => {
  await service.write('only-account', { cat: { a: 1 } }, 'account_id')

  const reply = await service.read('only-account', 'cat', 'bright_uid')

  expect(expectProblem(reply, 404, 'ITEM_NOT_FOUND').detail).toBe('Item not found')
})

test('500 categories are written, every one', async () => {
  const body = manyCategories(500)

  const reply = await service.write('five-hundred', body)

  expect(reply).toMatchObject({ status: 200, json: { total_features: 500 } })
  const replaced = Object.keys(body).map((category) => [category, { status: 'replaced', feature_count: 1 }])
  expect(reply.json).toHaveProperty('results', Object.fromEntries(replaced))
  const { json } = await service.filter('five-hundred', Object.fromEntries(Object.keys(body).map((category) => [category, []])))
  const { items } = json as { items: Record<string, { features: { data: object } }> }
  expect(Object.fromEntries(Object.entries(items).map(([name, { features }]) => [name, features.data]))).toStrictEqual(body)
})

test('501 categories are refused, and none is written', async () => {
  const before = await service.dump()

  const reply = await service.write('five-hundred-one', manyCategories(501))

  expectProblem(reply, 422, 'VALIDATION_FAILED')
  expect(await service.dump()).toBe(before)
})

test('identifiers and categories are what they decode to, once', async () => {
  const pairs = ['a/b', 'a%2Fb', 'a b', 'a+b', 'a;b=c', '?#&', 'ключ', '😀', '\u0000', '"\\', ' ', 'constructor']
  for (const name of pairs) await service.write(name, { [name]: { name } })

  for (const name of pairs) {
    const { json } = await service.read(name, name)
    expect(json).toMatchObject({ bright_uid: name, category: name, features: { data: { name } } })
  }
})

test('writers racing on one key leave one whole item, and created_at is one, for good', async () => {
  const writers = Array.from({ length: WRITERS }, (_, writer) => ({
    time: new Date(Date.parse(FIRST) + writer).toISOString(),
    data: { writer, again: `${writer}`, nested: { writer }, [`only${writer}`]: true },
  }))

  const seen = await Promise.all(
    writers.map(async ({ time, data }) => {
      await writersClock.run(time, () => service.write('raced', { cat: data }))
      return (await service.read('raced', 'cat')).json as { features: { data: object; metadata: Record<string, string> } }
    }),
  )

  const createdTimes = new Set(seen.map(({ features }) => features.metadata.created_at))
  expect(createdTimes.size).toBe(1)
  const { json } = await service.read('raced', 'cat')
  const { features } = json as (typeof seen)[number]
  expect(writers.map(({ data }) => data)).toContainEqual(features.data)
  expect(createdTimes).toContain(features.metadata.created_at)
})

test('writers racing on a key that exists keep its created_at', async () => {
  await service.write('raced-later', { cat: { writer: 'first' } })
  now = LATER

  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => service.write('raced-later', { cat: { writer } })))

  const { json } = await service.read('raced-later', 'cat')
  expect(json).toHaveProperty('features.metadata.created_at', FIRST)
  const { features } = json as { features: { metadata: { updated_at: string } } }
  expect(features.metadata.updated_at >= LATER).toBe(true)
})
