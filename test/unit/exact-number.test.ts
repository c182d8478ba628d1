import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exactNumber, magnitude, parseDecimal, writeDecimal } from '../../src/json/exact-number.ts'
import { numberText } from '../support/arbitrary-features.ts'
import { canonicalDecimal } from '../support/canonical-json.ts'

// Any spelling in JSON's grammar, in DynamoDB's range or not.
const anyNumberText = fc.stringMatching(/^-?(?:0|[1-9][0-9]{0,60})(?:\.[0-9]{1,60})?(?:[eE][+-]?[0-9]{1,3})?$/)

test.for([
  ['0', '', 0],
  ['-0.00e7', '', 0],
  ['1', '1', 0],
  ['150.50', '1505', -1],
  ['1200', '12', 2],
  ['0.00123', '123', -5],
  ['12e3', '12', 3],
  ['1.20E-3', '12', -4],
  ['+7', '7', 0],
  ['.5', '5', -1],
  ['5.', '5', 0],
  ['0001', '1', 0],
] as const)('%s is taken apart into its digits and a power of ten', ([text, digits, exponent]) => {
  expect(parseDecimal(text)).toEqual({ negative: false, digits, exponent })
})

test('a sign is kept, but not on zero', () => {
  expect(parseDecimal('-12.5').negative).toBe(true)
  expect(parseDecimal('-0').negative).toBe(false)
})

test.for(['', '-', '.', 'e5', '1e', '1e+', '1.2.3', '0x1', 'NaN', 'Infinity', ' 1', '1 ', '1,5', '1_0', '--1'])(
  'the text %j is no number and is refused',
  (text) => {
    expect(() => parseDecimal(text)).toThrow(RangeError)
  },
)

test('a number of a million digits or zeros is taken apart', () => {
  const zeros = '0'.repeat(1_000_000)

  expect(parseDecimal(`${zeros}1${zeros}`)).toEqual({ negative: false, digits: '1', exponent: 1_000_000 })
  expect(parseDecimal(`0.${zeros}1${zeros}`)).toEqual({ negative: false, digits: '1', exponent: -1_000_001 })
  expect(parseDecimal(`1${zeros}1`).digits).toBe(`1${zeros}1`)
})

test.for([
  ['0', 0],
  ['9.99', 0],
  ['10', 1],
  ['150.5', 2],
  ['0.00123', -3],
  ['1e125', 125],
  ['-1E-130', -130],
] as const)('the magnitude of %s is %i', ([text, power]) => {
  expect(magnitude(parseDecimal(text))).toBe(power)
})

test.for([
  ['0', '0'],
  ['-0', '0'],
  ['-150.50', '-150.5'],
  ['0.001', '0.001'],
  ['1e37', `1${'0'.repeat(37)}`],
  ['1e38', '1e+38'],
  ['-123e40', '-1.23e+42'],
  ['1e-7', '0.0000001'],
  ['12.5e-130', '1.25e-129'],
] as const)('%s is written as %s', ([text, written]) => {
  expect(writeDecimal(parseDecimal(text))).toBe(written)
})

test('a decimal that is written and parsed again is the same decimal, in valid JSON', () => {
  fc.assert(
    fc.property(anyNumberText, (text) => {
      const decimal = parseDecimal(text)
      const written = writeDecimal(decimal)

      expect(parseDecimal(written)).toEqual(decimal)
      expect(canonicalDecimal(written)).toBe(canonicalDecimal(text))
      expect(() => JSON.parse(written)).not.toThrow()
    }),
    { numRuns: 1000 },
  )
})

test('an exact number is the same decimal as its text, whatever the spelling', () => {
  fc.assert(
    fc.property(fc.oneof(anyNumberText, numberText), (text) => {
      expect(canonicalDecimal(JSON.stringify(exactNumber(text)))).toBe(canonicalDecimal(text))
    }),
    { numRuns: 1000 },
  )
})

test('a double is its own exact number', () => {
  fc.assert(
    fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (double) => {
      expect(exactNumber(String(double))).toBe(double + 0)
    }),
    { numRuns: 1000 },
  )
})

test.for(['9007199254740993', '0.1234567890123456789', '1e400', '-1e400', '1e-400', '0.1000000000000000055511151231257827'])(
  '%s, which a double cannot hold, is a raw number',
  (text) => {
    expect(JSON.isRawJSON(exactNumber(text))).toBe(true)
  },
)

test.for(['1.50', '1e3', '1E+2', '100000000000000000000000', '9007199254740992', '0.10', '1e22'])(
  '%s, which a double holds, is a plain number',
  (text) => {
    expect(exactNumber(text)).toBe(Number(text))
  },
)

test('minus zero is zero', () => {
  expect(Object.is(exactNumber('-0'), 0)).toBe(true)
  expect(Object.is(exactNumber('-0.0e5'), 0)).toBe(true)
})

test.for([
  ['1e+', 22],
  ['1e-', 22],
  ['-1e', 400],
  ['1e-', 400],
] as const)('%s with %i nines is kept as a number, out of range and not zero', ([start, nines]) => {
  const written = JSON.stringify(exactNumber(start + '9'.repeat(nines)))

  expect(parseDecimal(written).digits).toBe('1')
  expect(Math.abs(magnitude(parseDecimal(written)))).toBeGreaterThan(130)
})

test.for(['', 'NaN', 'Infinity', '-Infinity', 'abc'])('%j is no exact number', (text) => {
  expect(() => exactNumber(text)).toThrow(RangeError)
})
