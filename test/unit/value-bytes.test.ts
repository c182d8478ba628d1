import fc from 'fast-check'
import { expect, test } from 'vitest'
import { numberBytes } from '../../src/features/value-bytes.ts'
import { numberText } from '../support/arbitrary-features.ts'
import { plainNumberBytes } from '../support/plain-encoding.ts'

test.for<[string, number]>([
  ['0', 1],
  ['-0.00e7', 1],
  ['7', 2],
  ['42', 2],
  ['150.5', 3],
  ['1000000', 2],
  ['0.0000012', 2],
  ['100.001', 4],
  ['-1.20E-125', 2],
  ['1e+40', 2],
  ['9'.repeat(38), 20],
])('%s takes %i bytes: one for two significant digits, and one more', ([text, bytes]) => {
  expect(numberBytes(text)).toBe(bytes)
})

test('the digits of any number count alike in all of its spellings', () => {
  fc.assert(
    fc.property(fc.oneof(numberText, fc.double({ noNaN: true, noDefaultInfinity: true }).map(String)), (text) => {
      expect(numberBytes(text)).toBe(plainNumberBytes(text))
    }),
    { numRuns: 2000 },
  )
})
