import { expect, test } from 'vitest'
import { ENCODED_NULL, encodeFeatures } from '../../src/features/encode-features.ts'
import type { Features, FeatureValue } from '../../src/features/feature-record.ts'
import { parseJson } from '../../src/json/parse-json.ts'
import { PROTOTYPE_NAMES } from '../support/prototype-names.ts'

function encode(value: FeatureValue): string | undefined {
  return encodeFeatures({ f: value }, [], []).members.get('f')
}

function parsed(text: string): Features {
  return parseJson(Buffer.from(text)) as Features
}

test.for<[FeatureValue, string]>([
  ['text', '{"S":"text"}'],
  ['', '{"S":""}'],
  ['a "quote", a \\ and a\nbreak', '{"S":"a \\"quote\\", a \\\\ and a\\nbreak"}'],
  ['\u0000\u001f\u007f', '{"S":"\\u0000\\u001f\u007f"}'],
  ['é€🦊', '{"S":"é€🦊"}'],
  ['x'.repeat(25), `{"S":"${'x'.repeat(25)}"}`],
  [`${'x'.repeat(1000)}"`, `{"S":"${'x'.repeat(1000)}\\""}`],
  [150.5, '{"N":"150.5"}'],
  [-0, '{"N":"0"}'],
  [1e40, '{"N":"1e+40"}'],
  [true, '{"BOOL":true}'],
  [false, '{"BOOL":false}'],
  [null, ENCODED_NULL],
  [[], '{"L":[]}'],
  [{}, '{"M":{}}'],
  [['a', [1], {}], '{"L":[{"S":"a"},{"L":[{"N":"1"}]},{"M":{}}]}'],
  [{ 'a"b': { c: null } }, '{"M":{"a\\"b":{"M":{"c":{"NULL":true}}}}}'],
])('%j is written as %s', ([value, text]) => {
  expect(encode(value)).toBe(text)
})

test('every digit that the request has is written', () => {
  const { members } = encodeFeatures(parsed('{"a":9007199254740993,"b":0.1234567890123456789,"c":1e40}'), [], [])

  expect([...members.values()]).toEqual(['{"N":"9007199254740993"}', '{"N":"0.1234567890123456789"}', '{"N":"1e+40"}'])
})

test.for(PROTOTYPE_NAMES.filter((name) => name !== '__proto__'))('%s is a name like any other, at any depth', (name) => {
  const { members } = encodeFeatures(parsed(`{"${name}":{"${name}":1}}`), [], [])

  expect([...members]).toEqual([[name, `{"M":{"${name}":{"N":"1"}}}`]])
})

test('features without names are none, and take no bytes', () => {
  expect(encodeFeatures({}, [], [])).toEqual({ members: new Map(), bytes: 0 })
})

test('features are left as they were', () => {
  const features = parsed('{"a":{"b":[1,9007199254740993]},"c":"x"}')

  encodeFeatures(features, [], [])

  expect(JSON.stringify(features)).toBe('{"a":{"b":[1,9007199254740993]},"c":"x"}')
})
