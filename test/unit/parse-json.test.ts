import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson } from '../../src/json/parse-json.ts'
import { features, numberText } from '../support/arbitrary-features.ts'
import { canonicalDecimal, canonicalJson } from '../support/canonical-json.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const roundTrip = (text: string) => JSON.stringify(parseJson(utf8(text)))

// Small numbers of any spelling, where a short text can still be one that a double loses.
const oddlySpelt = fc.stringMatching(/^-?(?:0|[1-9][0-9]{0,20})(?:\.[0-9]{1,20})?(?:[eE][+-]?(?:[0-9]|[1-4][0-9]{0,2}))?$/)

test('a number keeps its decimal value through parsing and writing', () => {
  fc.assert(
    fc.property(fc.oneof(numberText, oddlySpelt), (text) => {
      expect(canonicalDecimal(roundTrip(text))).toBe(canonicalDecimal(text))
    }),
    { numRuns: 2000 },
  )
})

test('any JSON keeps its meaning through parsing and writing', () => {
  fc.assert(
    fc.property(features, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent)

      expect(canonicalJson(roundTrip(text))).toBe(canonicalJson(text))
    }),
    { numRuns: 300 },
  )
})

test.for([
  '1.5e-324',
  '-1.5e-324',
  '0.1e-323',
  '24e-325',
  '1.5e-400',
  '1e-400',
  '123456789e-333',
  '1.5e+400',
  '91e+307',
  '19e307',
])('%s, beyond a double, is neither zero nor infinite nor null', (text) => {
  expect(canonicalDecimal(roundTrip(text))).toBe(canonicalDecimal(text))
})

test('a body of numbers that doubles hold has plain numbers', () => {
  expect(parseJson(utf8('{"a":1,"b":[150.5,-2e3,1E2]}'))).toEqual({ a: 1, b: [150.5, -2000, 100] })
})

test('a number that needs its digits does not change those beside it', () => {
  expect(roundTrip('[1,9007199254740993,"9007199254740993",1.0,true]')).toBe('[1,9007199254740993,"9007199254740993",1,true]')
})

test('digits inside a string and inside a name stay what they are', () => {
  const text = '{"1e400":"1e400","0.12345678901234567890":"9007199254740993"}'

  expect(roundTrip(text)).toBe(text)
})

test.for([
  ['\\', '\n'],
  ['\\', '"'],
  ['a\\b', 'a\bX'],
] as const)('the name %j, once parsed, is not taken for the name %j (nodejs/node#63785)', ([earlier, name]) => {
  for (const number of ['1', '9007199254740993']) {
    const [first, second] = [earlier, name].map((last) => `{"beside ${number}":${number},${JSON.stringify(last)}:${number}}`)

    expect([roundTrip(`${first}`), roundTrip(`${second}`)]).toEqual([first, second])
  }
})

test.for(['{"__proto__":{"x":1}}', '{"__proto__":{"x":9007199254740993}}', '{"a":[{"__proto__":1e400}]}'])(
  'the name __proto__ is a name like others and no prototype: %s',
  (text) => {
    const value = parseJson(utf8(text))

    expect(JSON.stringify(value)).toContain('__proto__')
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  },
)

test.for([
  ['arrays', '[', ']'],
  ['objects', '{"a":', '}'],
] as const)(
  'a hundred thousand %s in each other do not overflow the stack, with and without an inexact number',
  ([, open, close]) => {
    for (const core of ['1', '9007199254740993']) {
      const bytes = utf8(open.repeat(100_000) + core + close.repeat(100_000))

      expect(() => parseJson(bytes)).not.toThrow()
    }
  },
)

test('a level of nesting that features may have keeps its digits', () => {
  const text = `${'['.repeat(100)}9007199254740993${']'.repeat(100)}`

  expect(roundTrip(text)).toBe(text)
})

test.for([
  '',
  '{',
  '[1,]',
  '{"a":1,}',
  "{'a':1}",
  '01',
  '+1',
  '.5',
  '1.',
  'NaN',
  'Infinity',
  '-',
  '"\n"',
  '1 2',
  '\u00a01',
  '// x\n1',
])('%j is not JSON', (text) => {
  expect(() => parseJson(utf8(text))).toThrow(SyntaxError)
})

test.for([
  ['a lone continuation byte', [0x22, 0x80, 0x22]],
  ['a byte that UTF-8 never has', [0x22, 0xff, 0x22]],
  ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
  ['a surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
  ['a code point past the last', [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]],
  ['a character cut off', [0x22, 0xf0, 0x9f, 0xa6]],
  ['UTF-16', [0xff, 0xfe, 0x31, 0x00]],
] as const)('bytes with %s are refused and not repaired', ([, bytes]) => {
  expect(() => parseJson(Uint8Array.from(bytes))).toThrow(TypeError)
})

test('text of every plane is read as it is, escaped or not', () => {
  expect(parseJson(utf8('"é \\u00e9 🦊 \\ud83e\\udd8a \\u0000 \u2028"'))).toBe('é é 🦊 🦊 \u0000 \u2028')
})
