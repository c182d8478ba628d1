import { expect, test } from 'vitest'
import { createRowReader } from '../../src/cli/import/row-reader.ts'
import type { Item } from '../../src/dynamodb/items/attribute.ts'
import { toRowJson } from '../../src/dynamodb/items/row-json.ts'
import { DEFAULT_WRITER } from '../../src/features/feature-record.ts'
import { itemOf } from '../support/stored-record.ts'

const NOW_MS = Date.parse('2026-01-01T00:00:00Z')
const reader = createRowReader({ tableType: 'bright_uid', category: undefined, writer: { ...DEFAULT_WRITER, source: 'import' } })

function rowOf(item: Item) {
  return JSON.parse(toRowJson(item, 'bright_uid', NOW_MS) ?? 'null')
}

/** An item whose metadata another program wrote. */
function withMetadata(metadata: Item, others: Item = {}): Item {
  return { ...itemOf({}), features: { M: { data: { M: {} }, metadata: { M: metadata } } }, ...others }
}

test('a ttl without an expiry ends nothing where it is stored, nor where it is imported', () => {
  const row = rowOf(withMetadata({ ttl: { N: '3600' } }))

  expect(row).not.toHaveProperty('ttl')
  expect(reader.fromJson(row).writer).toMatchObject({ ttlSeconds: undefined, expiresAtSeconds: undefined })
})

test('a ttl with an expiry is kept as it was', () => {
  const row = rowOf(withMetadata({ ttl: { N: '3600' } }, { expires_at: { N: '1767229200' } }))

  expect(row).toMatchObject({ ttl: 3600, expires_at: '2026-01-01T01:00:00.000Z' })
  expect(reader.fromJson(row).writer).toMatchObject({ ttlSeconds: 3600, expiresAtSeconds: 1767229200 })
})

test('a source that is not stored is what the API shows in its place, also once it is imported', () => {
  const row = rowOf(withMetadata({}))

  expect(row).toMatchObject({ source: 'api', compute_id: 'None' })
  expect(reader.fromJson(row).writer).toMatchObject({ source: 'api', computeId: 'None' })
})

test.each([4_102_444_800_000, '10000-01-01T00:00:00Z', 0, -1, 1.5])('an expires_at of %j is refused', (expires_at) => {
  const row = { identifier: 'u', category: 'c', features: {}, expires_at }

  expect(() => reader.fromJson(row)).toThrow('expires_at must be a whole second')
})
