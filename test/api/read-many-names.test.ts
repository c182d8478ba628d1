import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { identifier } from '../support/arbitrary-features.ts'
import { entitiesOf, readMany } from '../support/entity-calls.ts'
import { PROTOTYPE_NAMES } from '../support/prototype-names.ts'
import { putRawItem } from '../support/put-raw-item.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

const ODD_NAMES = [
  '🦊',
  '👩\u200d👧',
  'é',
  'e\u0301',
  'a/b',
  'a%2Fb',
  'a b',
  ' ',
  '.',
  '..',
  '#',
  '"\\',
  '\u0000',
  '0',
  '10',
  '-1',
]

let service: TestService

beforeAll(async () => {
  service = await startTestService()
})

afterAll(async () => {
  await service.close()
})

test("names of Object's own members are entities like any other, stored or not", async () => {
  const stored = PROTOTYPE_NAMES.filter((_, index) => index % 2 === 0)
  for (const name of stored) await service.write(name, { cat: { name } })

  const reply = await readMany(service, PROTOTYPE_NAMES, { cat: [] })

  const entities = entitiesOf(reply)
  expect(entities.map((entity) => entity.identifier)).toStrictEqual(PROTOTYPE_NAMES)
  expect(entities.map(({ items }) => items.cat?.features.data)).toStrictEqual(
    PROTOTYPE_NAMES.map((name) => (stored.includes(name) ? { name } : undefined)),
  )
  expect(entities.map((entity) => entity.missing_categories)).toStrictEqual(
    PROTOTYPE_NAMES.map((name) => (stored.includes(name) ? [] : ['cat'])),
  )
})

test('identifiers are taken as they are, and none for another', async () => {
  for (const name of ODD_NAMES.filter((odd) => odd !== '.' && odd !== '..')) await service.write(name, { cat: { name } })

  const reply = await readMany(service, ODD_NAMES, { cat: ['name'] })

  expect(entitiesOf(reply).map((entity) => [entity.identifier, entity.items.cat?.features.data.name])).toStrictEqual(
    ODD_NAMES.map((name) => [name, name === '.' || name === '..' ? undefined : name]),
  )
})

test('categories named __proto__ and constructor are merely missing, for every entity', async () => {
  await service.write('proto', { cat: { a: 1 } })

  const { text, json } = await service.request(
    'POST',
    '/api/v1/get/items',
    '{"identifiers":["proto","nobody"],"categories":{"__proto__":["a"],"constructor":[],"cat":["__proto__","a"]}}',
  )

  expect(json).toMatchObject({
    entities: [
      { missing_categories: ['__proto__', 'constructor'], missing_features: { cat: ['__proto__'] } },
      { missing_categories: ['__proto__', 'constructor', 'cat'], missing_features: {} },
    ],
  })
  expect(text).toContain('"data":{"a":1}')
})

test('a category named __proto__ that another writer stored is read like any other', async () => {
  const features = '{"M":{"data":{"M":{"f":{"N":"1"}}}}}'
  await putRawItem(service, `{"bright_uid":{"S":"raw"},"category":{"S":"__proto__"},"features":${features}}`)

  const { text } = await service.request(
    'POST',
    '/api/v1/get/items',
    '{"identifiers":["raw","other"],"categories":{"__proto__":[]}}',
  )

  expect(text).toContain('"identifier":"raw","items":{"__proto__":{"bright_uid":"raw","category":"__proto__"')
  expect(text).toContain('{"identifier":"other","items":{},"missing_categories":["__proto__"],"missing_features":{}}')
})

test('no entity is answered with what belongs to another of a name like it', async () => {
  await service.write('ab', { c: { f: 'ab/c' } })
  await service.write('a', { bc: { f: 'a/bc' } })

  const reply = await readMany(service, ['a', 'ab', 'a/b', 'a,b'], { c: [], bc: [], 'b/c': [], 'b,c': [] })

  expect(entitiesOf(reply).map(({ items }) => Object.values(items).map(({ features }) => features.data.f))).toStrictEqual([
    ['a/bc'],
    ['ab/c'],
    [],
    [],
  ])
})

test('any identifiers together are answered, each in its place and as often as it was named', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(identifier, { minLength: 1, maxLength: 20 }), fc.array(fc.nat(19)), async (names, places) => {
      const written = new Set(names.filter((_, index) => index % 2 === 0))
      for (const name of written) await service.write(name, { any: { name } })
      const asked = [...names, ...places.map((place) => names[place % names.length] ?? '')]

      const reply = await readMany(service, asked, { any: [] })

      const seen = entitiesOf(reply)
      expect(seen.map((entity) => entity.identifier)).toStrictEqual(asked)
      for (const { identifier: name, items } of seen) {
        if (items.any || written.has(name)) expect(items.any?.features.data).toStrictEqual({ name })
      }
    }),
    { numRuns: 15 },
  )
})
