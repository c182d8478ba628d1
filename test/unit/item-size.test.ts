import { expect, test } from 'vitest'
import type { FeatureValue } from '../../src/features/feature-record.ts'
import { estimateItemBytes } from '../../src/features/item-size.ts'
import { bytesOfFeatures } from '../support/feature-bytes.ts'

const KEY_BYTES = 40

/** The bytes that a feature's value adds to an item of one feature, its name of one byte and the map's entry left out. */
function bytesOf(value: FeatureValue): number {
  return estimateItemBytes(KEY_BYTES, bytesOfFeatures({ n: value })) - estimateItemBytes(KEY_BYTES, 0) - 2
}

test('an item without features has its key, the maps, the metadata, created_at and the version', () => {
  // Names and values as bytes; a map 3 bytes and 1 for each member (DynamoDB Developer Guide, "DynamoDB item sizes and formats").
  const metadata = 3 + 4 + 'updated_at2025-10-07T07:46:26.943Zsourceapicompute_idNonettlNone'.length
  const maps = 'features'.length + 3 + 2 + 'data'.length + 3 + 'metadata'.length
  const createdAt = 'created_at2025-10-07T07:46:26.943Z'.length

  // Two digits a byte, and one byte more.
  const version = 'version'.length + 7 + 1

  expect(estimateItemBytes(KEY_BYTES, 0)).toBe(KEY_BYTES + maps + metadata + createdAt + version)
})

test('the key counts as many bytes as it has', () => {
  expect(estimateItemBytes(1000, 0) - estimateItemBytes(0, 0)).toBe(1000)
})

test.for<[string, FeatureValue, number]>([
  ['an empty string', '', 0],
  ['a string of ASCII', 'abcde', 5],
  ['a string of two-byte characters', 'éé', 4],
  ['a string of an astral character', '🦊', 4],
  ['null', null, 1],
  ['true', true, 1],
  ['false', false, 1],
  ['an empty array', [], 3],
  ['an empty object', {}, 3],
  ['an array of two', ['a', 'b'], 3 + 2 * (1 + 1)],
  ['an object of a two-byte name', { é: 'b' }, 3 + 1 + 2 + 1],
  ['nested containers', [[{}]], 3 + 1 + (3 + 1 + 3)],
  ['a number of one digit', 7, 2],
  ['a number of two digits', 42, 2],
  ['a number of three digits', 150.5, 3],
  ['a number with zeros at its end', 1e20, 2],
  ['a number of 38 digits', JSON.rawJSON('9'.repeat(38)), 20],
  ['a raw number with zeros', JSON.rawJSON('1e+125'), 2],
])('%s counts as DynamoDB counts it', ([, value, bytes]) => {
  expect(bytesOf(value)).toBe(bytes)
})

test('a feature costs its name in bytes of UTF-8 and one byte more', () => {
  expect(estimateItemBytes(0, bytesOfFeatures({ '🦊é': null })) - estimateItemBytes(0, 0)).toBe(1 + 6 + 1)
})

test('names of Object’s own members count like others', () => {
  expect(bytesOf({ constructor: 'x', toString: 'y' })).toBe(3 + 2 + 'constructor'.length + 'toString'.length + 2)
})
