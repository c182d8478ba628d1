import { afterAll, beforeAll, expect, test } from 'vitest'
import { patchItem } from '../support/item-changes.ts'
import { PROTOTYPE_NAMES } from '../support/prototype-names.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

const LONGEST = 'n'.repeat(65_535)

/** Names that a path of DynamoDB's expressions, or an object of JavaScript, could take for its own. */
const NAMES = [
  ...['a.b', 'a[0]', '#name', ':value', 'a b', ' ', '"', "'", '\\', '/', '$', '0', '-1', 'é', 'e\u0301', '🦊', '\u0000', '\n'],
  ...['data', 'metadata', 'features', 'version', 'created_at', 'deleted', 'SET', 'REMOVE', 'size', 'S', 'NULL', 'M', 'L'],
  ...PROTOTYPE_NAMES.filter((name) => name !== '__proto__'),
]

const TRICKIEST = ['a.b', '#name', ':value', '"', '\\', '🦊', '\u0000', 'data', 'SET', 'constructor', 'toJSON', 'then']

let service: TestService

beforeAll(async () => {
  service = await startTestService()
})

afterAll(async () => {
  await service.close()
})

async function dataOf(identifier: string): Promise<object> {
  return ((await service.read(identifier, 'cat')).json as { features: { data: object } }).features.data
}

test.for([...TRICKIEST, LONGEST].map((name) => [name.slice(0, 20), name] as const))(
  'a feature named %j is added, replaced and removed, and no other',
  async ([short, name]) => {
    const identifier = `name ${short}`
    await service.write(identifier, { cat: { a: { b: 1 }, beside: 1 } })

    await patchItem(service, identifier, 'cat', { [name]: { first: 1 } })
    const added = await dataOf(identifier)
    await patchItem(service, identifier, 'cat', { [name]: 'second' })
    const replaced = await dataOf(identifier)
    await patchItem(service, identifier, 'cat', { [name]: null })
    const removed = await dataOf(identifier)

    // An own `constructor` is another type for toStrictEqual.
    expect(Object.entries(added)).toEqual(expect.arrayContaining([[name, { first: 1 }]]))
    expect(Object.keys(added)).toHaveLength(3)
    expect(replaced).toEqual({ a: { b: 1 }, beside: 1, [name]: 'second' })
    expect(removed).toStrictEqual({ a: { b: 1 }, beside: 1 })
  },
)

test('all of them at once are created and removed', async () => {
  const all = Object.fromEntries(NAMES.map((name, index) => [name, index]))

  const created = await patchItem(service, 'all', 'cat', all)
  const data = await dataOf('all')
  const removed = await patchItem(service, 'all', 'cat', Object.fromEntries(NAMES.map((name) => [name, null])))

  expect(created.json).toMatchObject({ results: { cat: { feature_count: NAMES.length, removed_count: 0 } } })
  expect(data).toStrictEqual(all)
  expect(removed.json).toMatchObject({ results: { cat: { feature_count: 0, removed_count: NAMES.length } } })
  expect(await dataOf('all')).toStrictEqual({})
})

test('a feature that looks like a path to another is a feature of its own', async () => {
  await service.write('paths', { cat: { a: { b: 1 }, list: [1, 2] } })

  await patchItem(service, 'paths', 'cat', { 'a.b': 'text', 'list[0]': 'text', 'features.data.a': 'text' })

  expect(await dataOf('paths')).toStrictEqual({
    a: { b: 1 },
    list: [1, 2],
    'a.b': 'text',
    'list[0]': 'text',
    'features.data.a': 'text',
  })
})

test('identifiers and categories of a merge are what they decode to, once', async () => {
  for (const name of ['a/b', 'a%2Fb', 'a b', 'a+b', '?#&', 'ключ', '😀', '\u0000', 'constructor', ':id', '#id']) {
    await patchItem(service, name, name, { name })

    expect(await service.read(name, name)).toMatchObject({
      json: { bright_uid: name, category: name, features: { data: { name } } },
    })
  }
})
