import { expect, test } from 'vitest'
import { asked, createMeasuredService, NOW, RECORD, type Stored } from '../support/measured-service.ts'
import { PREFIX, startMetrics } from '../support/metrics-to-receiver.ts'

const tableType = 'bright_uid'

/** Entities that have all of these categories, and what an operator has of the features in the end: `name category value`. */
async function startService(categories: Readonly<Record<string, Stored>>) {
  const { metrics, sent } = await startMetrics({ format: 'dogstatsd' })
  const { reader } = createMeasuredService(metrics, {
    stored: (category) => categories[category],
    categoriesOf: () => Object.keys(categories),
  })
  async function features(): Promise<string[]> {
    const lines = (await sent()).filter(({ name }) => name.startsWith(`${PREFIX}.feature.`))
    return lines.map(({ name, tags, value }) => `${name.slice(PREFIX.length + 9)} ${tags.category} ${value}`).toSorted()
  }
  return {
    features,
    readEntities: (identifiers: readonly string[], mapping: Readonly<Record<string, readonly string[]>>) =>
      reader.readEntities({ tableType, identifiers, mapping, ...asked() }),
    readEntity: (limit = 100) => reader.readEntity({ tableType, identifier: 'user123', limit, cursor: undefined, ...asked() }),
  }
}

/** The record, written so many milliseconds ago. */
function agedBy(ms: number) {
  const updated_at = new Date(NOW.getTime() - ms).toISOString()
  return { ...RECORD, metadata: { ...RECORD.metadata, updated_at } }
}

test('of several entities each is counted: its features, those that are null or missing, and the age of each category', async () => {
  const { readEntities, features } = await startService({ transactions: RECORD, profile: agedBy(500) })

  await readEntities(['user1', 'user2', 'user3'], { transactions: ['age', 'height'], profile: [], junk: ['a', 'b', 'a'] })

  expect(await features()).toEqual([
    ...['age profile 500', 'age profile 500', 'age profile 500'],
    ...['age transactions 10000', 'age transactions 10000', 'age transactions 10000'],
    'found.count profile 6',
    'found.count transactions 3',
    'missing.count other 6',
    'missing.count transactions 3',
    'null.count profile 3',
  ])
})

test('an entity that is asked for twice is read once, and counted as often as it is served', async () => {
  const { readEntities, features } = await startService({ transactions: RECORD })

  const { entities } = await readEntities(['user1', 'user1'], { transactions: ['score', 'height'], junk: [] })

  expect(entities).toHaveLength(2)
  expect(await features()).toEqual([
    ...['age transactions 10000', 'age transactions 10000'],
    'found.count transactions 2',
    'missing.count other 2',
    'missing.count transactions 2',
    'null.count transactions 2',
  ])
})

test('of entities that have nothing, all that was named is missing, of each', async () => {
  const { readEntities, features } = await startService({})

  await readEntities(['user1', 'user2'], { junk: ['a', 'b'], more_junk: [] })

  expect(await features()).toEqual(['missing.count other 6'])
})

test('of a page of what an entity has, each category is counted: its features, those that are null, and its age', async () => {
  const { readEntity, features } = await startService({ profile: agedBy(500), transactions: RECORD })

  await readEntity()

  expect(await features()).toEqual([
    'age profile 500',
    'age transactions 10000',
    'found.count profile 2',
    'found.count transactions 2',
    'null.count profile 1',
    'null.count transactions 1',
  ])
})

test('what the next page serves is not counted with this one', async () => {
  const { readEntity, features } = await startService({ profile: agedBy(500), transactions: RECORD })

  const page = await readEntity(1)

  expect(Object.keys(page.items)).toEqual(['profile'])
  expect(await features()).toEqual(['age profile 500', 'found.count profile 2', 'null.count profile 1'])
})

test('of an entity that has nothing no feature is known to be missing', async () => {
  const { readEntity, features } = await startService({})

  await expect(readEntity()).rejects.toMatchObject({ code: 'ITEM_NOT_FOUND' })

  expect(await features()).toEqual([])
})

test('of entities that the store did not answer for nothing is known to be missing', async () => {
  const { readEntities, readEntity, features } = await startService({ transactions: 'no answer' })

  await expect(readEntities(['user1'], { transactions: ['age'] })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  await expect(readEntity()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })

  expect(await features()).toEqual([])
})
