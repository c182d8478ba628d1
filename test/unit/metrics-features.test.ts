import { expect, test } from 'vitest'
import type { FeatureValue } from '../../src/features/feature-record.ts'
import { asked, createMeasuredService, NOW, RECORD, type Stored } from '../support/measured-service.ts'
import { PREFIX, startMetrics } from '../support/metrics-to-receiver.ts'

const entity = { tableType: 'bright_uid', identifier: 'user123' } as const

/** A service over these categories, and what an operator has of the features in the end: `name category value`. */
async function startService(categories: Readonly<Record<string, Stored>>) {
  const { metrics, sent } = await startMetrics({ format: 'dogstatsd' })
  const { reader } = createMeasuredService(metrics, { stored: (category) => categories[category] })
  async function features(): Promise<string[]> {
    const lines = (await sent()).filter(({ name }) => name.startsWith(`${PREFIX}.feature.`))
    return lines.map(({ name, tags, value }) => `${name.slice(PREFIX.length + 9)} ${tags.category} ${value}`).toSorted()
  }
  return { reader, features }
}

function updatedAt(updated_at: FeatureValue) {
  return { ...RECORD, metadata: { ...RECORD.metadata, updated_at } }
}

test('of one category its features are counted, those that are null, and its age', async () => {
  const { reader, features } = await startService({ transactions: RECORD })

  await reader.readCategory({ ...entity, category: 'transactions', ...asked() })

  expect(await features()).toEqual(['age transactions 10000', 'found.count transactions 2', 'null.count transactions 1'])
})

test('a category that is asked for as a whole and not stored is one that is missing', async () => {
  const { reader, features } = await startService({})

  await reader.readCategory({ ...entity, category: 'junk', ...asked() }).catch(() => {})

  expect(await features()).toEqual(['missing.count other 1'])
})

test('of a mapping each category is counted by itself: what is served of it, and what is missing', async () => {
  const { reader, features } = await startService({ transactions: RECORD, profile: RECORD })
  const mapping = { transactions: ['age', 'height', 'height'], profile: [], junk: ['a', 'b', 'a'], more_junk: [] }

  await reader.readMapping({ ...entity, mapping, ...asked() })

  expect(await features()).toEqual([
    'age profile 10000',
    'age transactions 10000',
    'found.count profile 2',
    'found.count transactions 1',
    'missing.count other 3',
    'missing.count transactions 1',
    'null.count profile 1',
  ])
})

test('of a mapping of which nothing is stored, all that was named is missing', async () => {
  const { reader, features } = await startService({})

  await reader.readMapping({ ...entity, mapping: { junk: ['a', 'b'], more_junk: [] }, ...asked() }).catch(() => {})

  expect(await features()).toEqual(['missing.count other 3'])
})

test('of a read that the store did not answer nothing is known to be missing', async () => {
  const { reader, features } = await startService({ transactions: 'no answer' })

  await reader.readCategory({ ...entity, category: 'transactions', ...asked() }).catch(() => {})
  await reader.readMapping({ ...entity, mapping: { transactions: ['age'] }, ...asked() }).catch(() => {})

  expect(await features()).toEqual([])
})

test('a category that was written by a clock ahead of ours is not younger than new', async () => {
  const { reader, features } = await startService({ transactions: updatedAt(new Date(NOW.getTime() + 5000).toISOString()) })

  await reader.readCategory({ ...entity, category: 'transactions', ...asked() })

  expect(await features()).toContain('age transactions 0')
})

// The older service and others write into the same tables: an updated_at may be anything that an item can hold.
test.for([
  ['none', null],
  ['no date', 'yesterday'],
  ['an empty text', ''],
  ['a number', 7],
  ['a list', ['2020-01-01T00:00:00.000Z']],
  ['an object', {}],
  ['an object with a toString', { toString: 'x', valueOf: null }],
  ['a truth', true],
  ['a number that a double cannot hold', JSON.rawJSON('1767323045.1234567890123456789')],
] as const satisfies [string, FeatureValue][])('an updated_at that is %s changes no answer, and is no age', async ([, value]) => {
  const record = updatedAt(value)
  const { reader, features } = await startService({ transactions: record })

  const alone = await reader.readCategory({ ...entity, category: 'transactions', ...asked() })
  const { items } = await reader.readMapping({ ...entity, mapping: { transactions: [] }, ...asked() })

  expect(alone.features).toEqual(record)
  expect(items.transactions?.features).toEqual(record)
  expect(await features()).toEqual(['found.count transactions 4', 'null.count transactions 2'])
})
