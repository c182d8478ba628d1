import fc from 'fast-check'
import { expect, test } from 'vitest'
import { numberJson } from '../../src/json/number-text.ts'
import { numberText } from '../support/arbitrary-features.ts'
import { canonicalDecimal } from '../support/canonical-json.ts'

// Digits, points, signs and exponents in any order: what is a number, what nearly is one, and what JSON does not know.
const likeNumber = fc.string({ unit: fc.constantFrom(...'0012345.+-eE'), minLength: 1, maxLength: 12 })

const JSON_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/

test('any number’s text becomes JSON of the same decimal', () => {
  fc.assert(
    fc.property(fc.oneof(numberText, fc.double({ noNaN: true, noDefaultInfinity: true }).map(String)), (text) => {
      const json = numberJson(text)

      expect(json).toMatch(JSON_NUMBER)
      expect(canonicalDecimal(json)).toBe(canonicalDecimal(text))
    }),
    { numRuns: 2000 },
  )
})

test('a text that looks like a number becomes JSON of the same decimal, or is refused', () => {
  const isNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

  fc.assert(
    fc.property(likeNumber, (text) => {
      // An exponent beyond a milliard is out of every range, and stays at it.
      fc.pre(!/[eE][+-]?\d{9,}/.test(text))
      if (!isNumber.test(text)) {
        expect(() => numberJson(text)).toThrow(RangeError)
        return
      }
      expect(numberJson(text)).toMatch(JSON_NUMBER)
      expect(canonicalDecimal(numberJson(text))).toBe(canonicalDecimal(text))
    }),
    { numRuns: 5000 },
  )
})

test.for(['', ' 1', '1 ', '1\n', '٣', '0x10', '1_000', 'NaN', '-Infinity', '--1', '1.2.3'])('%j is refused', (text) => {
  expect(() => numberJson(text)).toThrow(RangeError)
})

test('a plain number of up to 38 digits keeps its own digits', () => {
  const digits = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 36 }))

  fc.assert(
    fc.property(digits, fc.nat(36), fc.boolean(), ([first, rest], pointAt, isNegative) => {
      const written = `${first}${rest}`
      const fraction = written.slice(pointAt + 1)
      const text = `${isNegative ? '-' : ''}${written.slice(0, pointAt + 1)}${fraction && `.${fraction}7`}`

      expect(numberJson(text)).toBe(text)
    }),
    { numRuns: 1000 },
  )
})
