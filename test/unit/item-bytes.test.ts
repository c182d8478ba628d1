import { expect, test } from 'vitest'
import type { Attribute, Item } from '../../src/dynamodb/items/attribute.ts'
import type { ReadItem } from '../../src/dynamodb/items/read-item.ts'
import { toRecord } from '../../src/dynamodb/items/record-json.ts'
import { createReplyReaders } from '../../src/dynamodb/items/reply-bytes.ts'
import { numberJson } from '../../src/json/number-text.ts'
import { inOneForm, itemOf, readOffBytes, WRITTEN_AT } from '../support/stored-record.ts'

const NOW_MS = Date.parse(WRITTEN_AT)
const SECOND_MS = 1000
const MAX_BYTES = 1024 * 1024

function replyOf(item: Item): string {
  return JSON.stringify({ Item: item })
}

function nested(depth: number, innermost: Attribute): Attribute {
  return depth === 0 ? innermost : { L: [{ M: { in: nested(depth - 1, innermost) } }] }
}

const USUAL: [what: string, item: Item][] = [
  ['no features', itemOf({})],
  ['numbers', itemOf({ a: { N: '0' }, b: { N: '-1.5' }, c: { N: '9007199254740993' }, d: { N: '0.1234567890123456789' } })],
  ['numbers that JSON writes otherwise', itemOf({ a: { N: '1E+30' }, b: { N: '-0' }, c: { N: '1.50' }, d: { N: '007' } })],
  ['strings', itemOf({ a: { S: '' }, b: { S: 'x'.repeat(5000) }, c: { S: 'ü🦊 \u2028' }, d: { S: '}}}]{"N":"1"}' } })],
  ['strings with escapes', itemOf({ a: { S: '"\\\n\u0000' }, 'na"me\\': { S: '\ud800' } })],
  ['truths and nulls', itemOf({ a: { BOOL: true }, b: { BOOL: false }, c: { NULL: true }, d: { S: 'null' } })],
  ['nulls deeper down', itemOf({ a: { L: [{ NULL: true }] }, b: { M: { c: { NULL: true } } } })],
  ['containers', itemOf({ a: { L: [] }, b: { M: {} }, c: nested(14, { N: '1' }), d: { L: [{ S: 'a' }, { N: '2' }] } })],
  ['odd names', itemOf({ 'a.b': { N: '1' }, constructor: { N: '2' }, '10': { N: '3' }, '9': { N: '4' }, '': { N: '5' } })],
  ['names of its own parts', itemOf({ data: { M: { metadata: { M: {} } } }, features: { S: 'x' }, category: { S: 'y' } })],
  ['an expiry that is to come', itemOf({ a: { N: '1' } }, { expires_at: { N: String(NOW_MS / SECOND_MS + 100) } })],
  ['an event time', itemOf({ a: { N: '1' } }, { event_time: { N: String(NOW_MS - 5) } })],
  ['names and values of a key with escapes', itemOf({ a: { N: '1' } }, { category: { S: '"quoted\\' } })],
]

test.for(USUAL)('an item with %s is read off its bytes, as of objects', ([, item]) => {
  const read = readOffBytes(replyOf(item))

  expect(read?.key).toEqual({ identifier: item.bright_uid?.S, category: item.category?.S })
  expect(inOneForm(read?.recordAt([], NOW_MS))).toEqual(inOneForm(toRecord(item, [], NOW_MS)))
})

test('its text keeps the store’s order and every digit', () => {
  const read = readOffBytes(replyOf(itemOf({ b: { N: '1.10' }, a: { N: '12345678901234567890' } })))

  expect(read?.recordAt([], NOW_MS)?.json).toContain('{"data":{"b":1.1,"a":12345678901234567890},"metadata":{')
})

const PLAIN = '1234567890'.repeat(4)

test.for([
  ...[
    '0',
    '-0',
    '00',
    '-00.5',
    '007',
    '-7',
    '+7',
    '5.',
    '0.',
    '-0.',
    '.5',
    '-.5',
    '0.5',
    '-0.5',
    '1.50',
    '0.0',
    '10',
    '100',
    '1.05',
  ],
  ...['1E+30', '-1e-7', '9007199254740993', '0.1234567890123456789', PLAIN, `-${PLAIN}`, `${PLAIN}1`, `0.${PLAIN}`],
])('the number %s is written as of objects', (number) => {
  const read = readOffBytes(replyOf(itemOf({ n: { N: number } })))

  expect(read?.recordAt([], NOW_MS)?.json.split(',"metadata"')[0]).toBe(`{"data":{"n":${numberJson(number)}}`)
})

test.for(['1.2.3', '1..5', '-', '--1', '.', '-.', '1-', ' 1', '1 ', '١'])('%s is no number', (text) => {
  expect(readOffBytes(replyOf(itemOf({ n: { N: text } })))).toBeUndefined()
})

test('an item of the other table has that table’s key', () => {
  const { bright_uid, ...others } = itemOf({ a: { N: '1' } })
  const { ofItem, ofBatch } = createReplyReaders('accounts', 'account_id')
  const item: Item = { ...others, account_id: { S: 'account-1' } }

  const single = ofItem(Buffer.from(replyOf(item)))?.Item as ReadItem
  const batch = ofBatch(Buffer.from(JSON.stringify({ Responses: { accounts: [item] } })))?.Responses as { accounts: ReadItem[] }

  for (const read of [single, batch.accounts[0]]) {
    expect(read?.key).toEqual({ identifier: 'account-1', category: 'a category' })
    expect(read?.recordAt([], NOW_MS)).toEqual(toRecord(item, [], NOW_MS))
  }
})

test('an item that the older service wrote has its created_at among the metadata', () => {
  const metadata = { created_at: { S: WRITTEN_AT }, updated_at: { S: 'u' }, source: { S: 's' }, compute_id: { S: 'c' } }
  const features = { M: { metadata: { M: { ...metadata, ttl: { S: 'None' } } }, data: { M: { a: { N: '1' } } } } }
  const older: Item = { category: { S: 'c' }, features, bright_uid: { S: 'u' } }

  const read = readOffBytes(replyOf(older))

  expect(read?.recordAt([], NOW_MS)).toEqual(toRecord(older, [], NOW_MS))
})

test('of an item that was read whole, features are served by name, too', () => {
  const item = itemOf({ a: { N: '1' }, b: { NULL: true }, c: { S: 'x' } })

  const read = readOffBytes(replyOf(item))

  expect(read?.recordAt(['b', 'nope', 'a'], NOW_MS)).toEqual(toRecord(item, ['b', 'nope', 'a'], NOW_MS))
})

test('from the second of its expiry on, nothing is served of it', () => {
  const seconds = NOW_MS / SECOND_MS + 100
  const read = readOffBytes(replyOf(itemOf({ a: { N: '1' } }, { expires_at: { N: String(Math.floor(seconds)) } })))

  expect(read?.recordAt([], Math.floor(seconds) * SECOND_MS - 1)).toBeDefined()
  expect(read?.recordAt([], Math.floor(seconds) * SECOND_MS)).toBeUndefined()
  expect(read?.recordAt(['a'], Math.floor(seconds) * SECOND_MS)).toBeUndefined()
})

test('items that follow each other do not leave anything of theirs in one another’s texts', () => {
  const long = readOffBytes(replyOf(itemOf({ long: { S: 'l'.repeat(1000) } })))
  const short = readOffBytes(replyOf(itemOf({ s: { N: '1' } })))

  expect(long?.recordAt([], NOW_MS)?.json).toContain(`{"data":{"long":"${'l'.repeat(1000)}"},"metadata"`)
  expect(short?.recordAt([], NOW_MS)).toEqual(toRecord(itemOf({ s: { N: '1' } }), [], NOW_MS))
})

const WITHOUT = (name: string) => Object.fromEntries(Object.entries(itemOf({})).filter(([member]) => member !== name)) as Item
const plain = replyOf(itemOf({ a: { N: '1' } }))

const UNUSUAL: [what: string, reply: string][] = [
  ['no item', '{}'],
  ['null for an item', '{"Item":null}'],
  ['two items', `${plain.slice(0, -1)},${plain.slice(1)}`],
  ['what it consumed', `${plain.slice(0, -1)},"ConsumedCapacity":{}}`],
  ['a line’s end', `${plain}\n`],
  ['spaces', JSON.stringify(JSON.parse(plain), null, 1)],
  ['something behind it', `${plain}}`],
  ['a set', replyOf(itemOf({ a: { SS: ['x'] } }))],
  ['a set of numbers', replyOf(itemOf({ a: { NS: ['1'] } }))],
  ['binary', replyOf(itemOf({ a: { B: 'AA==' } }))],
  ['a number that is none', replyOf(itemOf({ a: { N: 'abc' } }))],
  ['an empty number', replyOf(itemOf({ a: { N: '' } }))],
  ['an attribute of another program', replyOf(itemOf({}, { other: { S: 'x' } }))],
  ['a tombstone', replyOf({ ...WITHOUT('features'), deleted: { S: 'x' } })],
  ['no features', replyOf(WITHOUT('features'))],
  ['no key', replyOf(WITHOUT('bright_uid'))],
  ['the key of another table', replyOf({ ...WITHOUT('bright_uid'), account_id: { S: 'x' } })],
  ['no category', replyOf(WITHOUT('category'))],
  ['no created_at', replyOf(WITHOUT('created_at'))],
  ['an expiry that is no number', replyOf(itemOf({}, { expires_at: { S: 'soon' } }))],
  ['a version that is no number', replyOf(itemOf({}, { version: { S: 'x' } }))],
  ['metadata that are none', replyOf(itemOf({}, { features: { M: { data: { M: {} }, metadata: { S: 'x' } } } }))],
  ['no metadata', replyOf(itemOf({}, { features: { M: { data: { M: {} } } } }))],
  ['no data', plain.replace('"data":{"M":{"a":{"N":"1"}}},', '')],
  ['data twice', plain.replace('"data":', '"data":{"M":{}},"data":')],
  ['an attribute twice', plain.replace('"category":', '"category":{"S":"other"},"category":')],
  ['a name with an escape', plain.replace('"category"', '"categor\\u0079"')],
  ['an escape that is none', plain.replace('"a"', '"\\a"')],
  ['a control character', plain.replace('"a"', '"\u0001"')],
  ['a comma too many', plain.replace('{"N":"1"}', '{"N":"1"},')],
  ['a comma too few', plain.replace('"a":{"N":"1"}', '"a":{"N":"1"}"b":{"N":"1"}')],
  ['a bracket of the other kind', plain.replace('{"N":"1"}', '{"N":"1"]')],
  ['depth beyond any of DynamoDB’s', replyOf(itemOf({ a: nested(30, { N: '1' }) }))],
  ['more text than there is room for', replyOf(itemOf({ a: { S: 'x'.repeat(MAX_BYTES) } }))],
  ['numbers that need more room than there is', replyOf(itemOf({ a: { S: 'x'.repeat(MAX_BYTES - 100) }, b: { N: '1e20' } }))],
]

test.for(UNUSUAL)('a reply with %s is to be read as objects', ([, reply]) => {
  expect(readOffBytes(reply)).toBeUndefined()
})

/** An item whose text is so long, which ends with a metadata `ttl` that another writer chose. */
function itemOfText(bytes: number, ttl: string): Item {
  const metadata = { updated_at: { S: 'u' }, source: { S: 's' }, compute_id: { S: 'c' }, ttl: { S: ttl } }
  const features = (filler: string) => ({ M: { data: { M: { f: { S: filler } } }, metadata: { M: metadata } } })
  const without = toRecord(itemOf({}, { features: features('') }), [], NOW_MS)
  const filler = 'x'.repeat(bytes - Buffer.byteLength(without?.json ?? ''))
  return itemOf({}, { features: features(filler) })
}

test.for(['None', '"', '\\🦊', '"🦊🦊', 'ü"ü'])(
  'up to its room a text is read off bytes, and not beyond, with %s at its end',
  (ttl) => {
    for (let beyond = -5; beyond <= 5; beyond += 1) {
      const item = itemOfText(MAX_BYTES + beyond, ttl)

      const read = readOffBytes(replyOf(item))

      expect(read?.recordAt([], NOW_MS)).toEqual(beyond > 0 ? undefined : toRecord(item, [], NOW_MS))
    }
  },
)

test('so is one that ends too early, wherever that is', () => {
  const whole = replyOf(itemOf({ a: { N: '1.5' }, 'b\\': { L: [{ S: '"' }, { BOOL: true }] } }))
  const read = Array.from({ length: whole.length }, (_, length) => readOffBytes(whole.slice(0, length)))

  expect(read.filter((item) => item !== undefined)).toEqual([])
  expect(readOffBytes(whole)).toBeDefined()
})
