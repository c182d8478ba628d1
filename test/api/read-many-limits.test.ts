import { afterAll, beforeAll, expect, test } from 'vitest'
import { entitiesOf, readMany, writeMany } from '../support/entity-calls.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

const LARGE_VALUE_LENGTH = 390_000

let service: TestService

beforeAll(async () => {
  service = await startTestService()
})

afterAll(async () => {
  await service.close()
})

function namesFrom(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`)
}

function mappingOf(categories: readonly string[]) {
  return Object.fromEntries(categories.map((category) => [category, []]))
}

test('exactly 1,000 pairs are read, every one', async () => {
  const identifiers = namesFrom('thousand-', 100)
  const categories = namesFrom('cat', 10)
  // Half of the categories, other ones for each second entity.
  const has = (identifier: string, category: string) => (identifiers.indexOf(identifier) + categories.indexOf(category)) % 2 === 0
  const stored = identifiers.map((identifier) => [
    identifier,
    Object.fromEntries(
      categories
        .filter((category) => has(identifier, category))
        .map((category) => [category, { at: `${identifier}/${category}` }]),
    ),
  ])
  expect(await writeMany(service, Object.fromEntries(stored))).toMatchObject({ status: 200 })

  const reply = await readMany(service, identifiers, mappingOf(categories))

  expect(reply.status).toBe(200)
  const seen = entitiesOf(reply).map(({ identifier, items, missing_categories }) => ({
    identifier,
    data: Object.fromEntries(Object.entries(items).map(([category, { features }]) => [category, features.data])),
    missing_categories,
  }))
  expect(seen).toStrictEqual(
    stored.map(([identifier, data]) => ({
      identifier,
      data,
      missing_categories: categories.filter((category) => !has(String(identifier), category)),
    })),
  )
})

test.for([
  ['1,000 identifiers', namesFrom('u', 1000), 1],
  ['one identifier 1,000 times', Array(1000).fill('u'), 1],
] as const)('1,000 pairs of %s are accepted', async ([, identifiers, categories]) => {
  const reply = await readMany(service, identifiers, mappingOf(namesFrom('cat', categories)))

  expect(reply.status).toBe(200)
  expect(entitiesOf(reply)).toHaveLength(identifiers.length)
})

test.for([
  ['1,001 identifiers', namesFrom('u', 1001), 1],
  ['1,001 categories', ['u'], 1001],
  ['143 identifiers and 7 categories', namesFrom('u', 143), 7],
  ['1,001 identifiers that are one', Array(1001).fill('u'), 1],
  ['501 identifiers that are one, and 2 categories', Array(501).fill('u'), 2],
] as const)('more than 1,000 pairs are refused: %s', async ([, identifiers, categories]) => {
  const reply = await readMany(service, identifiers, mappingOf(namesFrom('cat', categories)))

  expectProblem(reply, 422, 'VALIDATION_FAILED')
  expect(reply.json).toHaveProperty('errors.0.path', '$')
})

test('a reply larger than one BatchGetItem can hold is complete', async () => {
  const identifiers = namesFrom('large-', 5)
  const valueIn = (identifier: string, category: string) => `${identifier}/${category}`.padEnd(LARGE_VALUE_LENGTH, '.')
  for (const identifier of identifiers) {
    const body = Object.fromEntries(['one', 'two'].map((category) => [category, { f: valueIn(identifier, category) }]))
    expect(await service.write(identifier, body)).toMatchObject({ status: 200 })
  }

  const reply = await readMany(service, identifiers, mappingOf(['one', 'two']))

  const wrong = entitiesOf(reply).flatMap(({ identifier, items }) =>
    ['one', 'two'].filter((category) => items[category]?.features.data.f !== valueIn(identifier, category)),
  )
  expect(entitiesOf(reply).map(({ identifier }) => identifier)).toStrictEqual(identifiers)
  expect(wrong).toStrictEqual([])
})
