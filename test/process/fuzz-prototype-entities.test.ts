import { expect, test } from 'vitest'
import { filterMany, merge, writeMany } from '../support/api-requests.ts'
import { answerTo } from '../support/fuzz-cases.ts'
import { startFuzzTarget } from '../support/fuzz-target.ts'
import { PROTOTYPE_NAMES } from '../support/prototype-names.ts'

const LEGAL_NAMES = PROTOTYPE_NAMES.filter((name) => name !== '__proto__')

type Entity = { identifier: string; items: Record<string, { features: { data: unknown } }>; missing_categories: string[] }

/** The data of what an entity has, by category. */
function dataOf({ items }: Entity): Record<string, unknown> {
  return Object.fromEntries(Object.entries(items).map(([category, { features }]) => [category, features.data]))
}

test('names of Object’s own are identifiers in bodies, and features to merge and remove, like any other', async () => {
  const target = await startFuzzTarget()
  const entities = PROTOTYPE_NAMES.map((name) => `"${name}":{"cat":{"removed":1}}`)
  const mapping = `{"cat":[],"__proto__":["__proto__"],${LEGAL_NAMES.map((name) => `"${name}":["${name}"]`).join()}}`

  const written = (await answerTo(target, writeMany(`{${entities.join()}}`))) as { results: object }
  for (const name of LEGAL_NAMES) {
    await answerTo(target, merge(name, name, JSON.stringify({ [name]: { value: 1 }, none: null })))
    await answerTo(target, merge(name, 'cat', JSON.stringify({ [name]: 2, removed: null })))
  }
  const asked = `{"identifiers":${JSON.stringify(PROTOTYPE_NAMES)},"categories":${mapping}}`
  const read = (await answerTo(target, filterMany(asked))) as { entities: Entity[] }

  expect(Object.keys(written.results)).toEqual(PROTOTYPE_NAMES)
  expect(read.entities.map(({ identifier }) => identifier)).toEqual(PROTOTYPE_NAMES)
  const [first, ...others] = read.entities
  expect(first && dataOf(first)).toEqual({ cat: { removed: 1 } })
  for (const entity of others) {
    const { identifier, missing_categories } = entity
    expect(dataOf(entity)).toEqual({ cat: { [identifier]: 2 }, [identifier]: { [identifier]: { value: 1 } } })
    expect(missing_categories).toEqual(PROTOTYPE_NAMES.filter((name) => name !== identifier))
  }
  await target.expectUnharmed()
})
