import { expect, test } from 'vitest'
import type { Item } from '../../src/dynamodb/items/attribute.ts'
import type { ReadItem } from '../../src/dynamodb/items/read-item.ts'
import { toRecord } from '../../src/dynamodb/items/record-json.ts'
import { createReplyReaders } from '../../src/dynamodb/items/reply-bytes.ts'
import { itemOf, WRITTEN_AT } from '../support/stored-record.ts'

const NOW_MS = Date.parse(WRITTEN_AT)

const TABLE = 'a "table"'
const { ofBatch, ofItem } = createReplyReaders(TABLE, 'bright_uid')

function readBatch(reply: unknown): (string | undefined)[] | undefined {
  const read = ofBatch(Buffer.from(typeof reply === 'string' ? reply : JSON.stringify(reply)))
  const items = (read?.Responses as Record<string, ReadItem[]> | undefined)?.[TABLE]
  return items?.map(({ key }) => key?.identifier)
}

const [one, two] = ['one', 'two'].map((identifier): Item => itemOf({ a: { N: '1' } }, { bright_uid: { S: identifier } }))

test.for([
  ['with nothing left', { Responses: { [TABLE]: [one, two] }, UnprocessedKeys: {} }],
  ['in the other order', { UnprocessedKeys: {}, Responses: { [TABLE]: [one, two] } }],
  ['without a word of what is left', { Responses: { [TABLE]: [one, two] } }],
] as const)('a batch %s is read off its bytes, in its order', ([, reply]) => {
  expect(readBatch(reply)).toEqual(['one', 'two'])
})

test.for([
  ['with keys left', { Responses: { [TABLE]: [one] }, UnprocessedKeys: { [TABLE]: { Keys: [{}] } } }],
  ['without items', { Responses: { [TABLE]: [] }, UnprocessedKeys: {} }],
  ['without tables', { Responses: {}, UnprocessedKeys: {} }],
  ['of another table', { Responses: { other: [one] }, UnprocessedKeys: {} }],
  ['of another table, too', { Responses: { [TABLE]: [one], other: [two] }, UnprocessedKeys: {} }],
  ['with an item of another kind', { Responses: { [TABLE]: [one, itemOf({ a: { SS: ['x'] } })] }, UnprocessedKeys: {} }],
  ['with null for an item', { Responses: { [TABLE]: [one, null] }, UnprocessedKeys: {} }],
  ['with a member more', { Responses: { [TABLE]: [one] }, UnprocessedKeys: {}, ConsumedCapacity: [] }],
  ['that is an error', { __type: 'ValidationException' }],
  ['that is an array', [one]],
] as const)('a batch %s is to be read as objects', ([, reply]) => {
  expect(readBatch(reply)).toBeUndefined()
})

test('a comma between no items is no array', () => {
  const reply = JSON.stringify({ Responses: { [TABLE]: [one, two] } })

  expect(readBatch(reply.replace('},{"bright_uid"', '},,{"bright_uid"'))).toBeUndefined()
  expect(readBatch(reply.replace(']}}', ',]}}'))).toBeUndefined()
})

test('of any of a batch’s items, features are served by name, too', () => {
  const items = [one, itemOf({ a: { N: '1' }, b: { S: 'x' } }, { bright_uid: { S: 'two' } })]
  const read = ofBatch(Buffer.from(JSON.stringify({ Responses: { [TABLE]: items } })))
  const second = (read?.Responses as Record<string, ReadItem[]> | undefined)?.[TABLE]?.[1]

  for (const names of [['b'], ['a', 'nope'], []]) {
    expect(second?.recordAt(names, NOW_MS)).toEqual(toRecord(items[1] ?? {}, names, NOW_MS))
  }
})

test('an item of one table is none of the other', () => {
  const account = createReplyReaders(TABLE, 'account_id')
  const reply = Buffer.from(JSON.stringify({ Item: one }))

  expect(account.ofItem(reply)).toBeUndefined()
  expect(ofItem(Buffer.from('{}'))).toBeUndefined()
  expect(ofItem(reply)).toBeDefined()
})
