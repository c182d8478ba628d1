import { expect, test } from 'vitest'
import type { Attribute, Item } from '../../src/dynamodb/items/attribute.ts'
import { PROTOTYPE_NAMES } from '../support/prototype-names.ts'
import { featureJson, itemOf, servedOf, USUAL_METADATA, WRITTEN_AT } from '../support/stored-record.ts'

test.for<[Attribute, string]>([
  [{ S: 'text' }, '"text"'],
  [{ S: '' }, '""'],
  [{ S: 'a "quote", a \\ and a\nbreak' }, '"a \\"quote\\", a \\\\ and a\\nbreak"'],
  [{ S: '\u007f é€🦊' }, '"\u007f é€🦊"'],
  [{ S: 'a\ud800' }, '"a\\ud800"'],
  [{ BOOL: true }, 'true'],
  [{ BOOL: false }, 'false'],
  [{ NULL: true }, 'null'],
  [{ L: [] }, '[]'],
  [{ M: {} }, '{}'],
  [{ L: [{ N: '1' }, { L: [{ NULL: true }] }, { M: { 'a"b': { S: '' } } }] }, '[1,[null],{"a\\"b":""}]'],
  [{ SS: ['a', 'b"'] }, '["a","b\\""]'],
  [{ NS: ['1', '9007199254740993'] }, '[1,9007199254740993]'],
  [{ B: 'AAEC/w==' }, '"AAEC/w=="'],
  [{ B: '' }, '""'],
  [{ BS: ['AA==', 'AQI='] }, '["AA==","AQI="]'],
])('%j is served as %s', ([attribute, json]) => {
  expect(featureJson(attribute)).toBe(json)
})

test('base64 with spare bits set is served in its one canonical spelling', () => {
  expect(featureJson({ B: 'QR==' })).toBe('"QQ=="')
})

test.for(['0', '25', '150.5', '-0.001', '9007199254740993', '0.1234567890123456789', '100000000000000000000000', '0.0000000001'])(
  'the number %s is served in its own digits',
  (text) => {
    expect(featureJson({ N: text })).toBe(text)
  },
)

test.for([
  ['-0', '0'],
  ['-0.0', '0'],
  ['1.50', '1.5'],
  ['007', '7'],
  ['+7', '7'],
  ['.5', '0.5'],
  ['5.', '5'],
  ['1E+3', '1000'],
  ['1e400', '1e+400'],
] as const)('the number %s, stored in another spelling, is served as %s', ([text, json]) => {
  expect(featureJson({ N: text })).toBe(json)
})

test('the record has data and metadata, and says what it holds', () => {
  const served = servedOf(itemOf({ a: { N: '1' }, b: { NULL: true } }))

  expect(served).toEqual({
    json: `{"data":{"a":1,"b":null},"metadata":${USUAL_METADATA}}`,
    found: 2,
    nulls: 1,
    missing: [],
    updatedAt: WRITTEN_AT,
  })
})

test('named features come in the order asked, each once, and so do those missing', () => {
  const item = itemOf({ a: { N: '1' }, 2: { NULL: true }, b: { S: 'x' } })

  const { json, ...counts } = servedOf(item, ['b', 'nope', '2', 'b', 'gone', 'nope', 'a'])

  expect(json).toBe(`{"data":{"b":"x","2":null,"a":1},"metadata":${USUAL_METADATA}}`)
  expect(counts).toMatchObject({ found: 3, nulls: 1, missing: ['nope', 'gone'] })
})

test.for(PROTOTYPE_NAMES)('%s is a name like any other where it is stored, and missing where it is not', (name) => {
  const stored: Item = Object.fromEntries([[name, { M: Object.fromEntries([[name, { N: '1' }]]) }]])

  expect(servedOf(itemOf(stored)).json).toContain(`{"data":{"${name}":{"${name}":1}},`)
  expect(servedOf(itemOf(stored), [name]).json).toContain(`{"data":{"${name}":{"${name}":1}},`)
  expect(servedOf(itemOf({}), [name])).toMatchObject({ found: 0, missing: [name] })
})
