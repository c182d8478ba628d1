import { expect, test } from 'vitest'
import type { Attribute, Item } from '../../src/dynamodb/items/attribute.ts'
import { toRecord } from '../../src/dynamodb/items/record-json.ts'
import { itemOf, servedOf, USUAL_METADATA, WRITTEN_AT } from '../support/stored-record.ts'

const NOW_MS = Date.parse(WRITTEN_AT)
const NOW_SECONDS = Math.floor(NOW_MS / 1000)

function metadataOf(item: Item): unknown {
  return JSON.parse(servedOf(item).json).metadata
}

/** An item whose `features` are of another writer. */
function foreignItem(metadata: Attribute | undefined, others: Item = {}): Item {
  const { created_at, ...item } = itemOf({})
  return { ...item, features: { M: metadata === undefined ? {} : { metadata } }, ...others }
}

test('what another writer left out is null, and the defaults where there are some', () => {
  const nothing = { created_at: null, updated_at: null, source: 'api', compute_id: 'None', ttl: 'None' }

  expect(metadataOf(foreignItem(undefined))).toEqual(nothing)
  expect(metadataOf(foreignItem({ M: {} }))).toEqual(nothing)
  expect(metadataOf(foreignItem({ S: 'no map' }))).toEqual(nothing)
})

test('created_at is taken from the top, else from where the older service kept it', () => {
  const older = { M: { created_at: { S: 'older' } } }

  expect(metadataOf(foreignItem(older))).toMatchObject({ created_at: 'older' })
  expect(metadataOf(foreignItem(older, { created_at: { S: 'top' } }))).toMatchObject({ created_at: 'top' })
})

test('metadata of any type is served as it is stored', () => {
  const metadata = { updated_at: { N: '1.5' }, source: { L: [{ S: 'a"b' }] }, compute_id: { NULL: true }, ttl: { N: '60' } }

  const served = metadataOf(foreignItem({ M: metadata }))

  expect(served).toEqual({ created_at: null, updated_at: 1.5, source: ['a"b'], compute_id: null, ttl: 60 })
})

test('the age is that of updated_at where it is a text, and of nothing else', () => {
  expect(servedOf(foreignItem({ M: { updated_at: { S: 'any "text"' } } })).updatedAt).toBe('any "text"')
  expect(servedOf(foreignItem({ M: { updated_at: { N: '5' } } })).updatedAt).toBeUndefined()
  expect(servedOf(foreignItem(undefined)).updatedAt).toBeUndefined()
})

test('an expiry and an event time are served as times, behind what is always there', () => {
  const item = itemOf({}, { expires_at: { N: String(NOW_SECONDS + 60) }, event_time: { N: '1759823206943.1234' } })

  const { json } = servedOf(item)

  const times = '"expires_at":"2025-10-07T07:47:26.000Z","event_time":"2025-10-07T07:46:46.9431234Z"'
  expect(json).toBe(`{"data":{},"metadata":${USUAL_METADATA.slice(0, -1)},${times}}}`)
})

test.for<[string, Item]>([
  ['an expiry that is no number', { expires_at: { N: 'soon' } }],
  ['an expiry of another type', { expires_at: { S: '9999999999' } }],
  ['an expiry after the year 9999', { expires_at: { N: '1e12' } }],
  ['an event time that is no number', { event_time: { N: 'soon' } }],
  ['an event time of another type', { event_time: { S: '1759823206943' } }],
  ['an event time after the year 9999', { event_time: { N: '1e20' } }],
])('%s is left out', ([, times]) => {
  expect(servedOf(itemOf({}, times)).json).toBe(servedOf(itemOf({})).json)
})

test('an odd event time cannot break the text', () => {
  const item = itemOf({}, { event_time: { N: '1759823206943.1","x":"2' } })

  expect(metadataOf(item)).not.toHaveProperty('x')
})

test('from the second of its expiry on, nothing is served', () => {
  const expiring = (seconds: number) => toRecord(itemOf({}, { expires_at: { N: String(seconds) } }), [], NOW_MS)

  expect(expiring(NOW_SECONDS)).toBeUndefined()
  expect(expiring(NOW_SECONDS - 1)).toBeUndefined()
  expect(expiring(NOW_SECONDS + 1)).toBeDefined()
})

test('nothing is served of what a delete left, and all of an item that has an attribute of its name', () => {
  const { features, ...left } = itemOf({}, { deleted: { S: 'an id' } })

  expect(toRecord(left, [], NOW_MS)).toBeUndefined()
  expect(toRecord({ ...left, ...(features && { features }) }, [], NOW_MS)).toBeDefined()
})
