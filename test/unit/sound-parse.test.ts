import fc from 'fast-check'
import { expect, test } from 'vitest'
import { soundParse } from '../../src/json/sound-parse.ts'
import { canonicalJson } from '../support/canonical-json.ts'

/** Names that the engine may take for one another: few letters, every kind of escape. */
const name = fc
  .array(fc.constantFrom('a', 'n0', '\\', '"', '\n', '\u0001', 'é', '😀', ':'), { maxLength: 4 })
  .map((letters) => letters.join(''))

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    name,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }).map((members) => Object.fromEntries(members)),
  ),
})).value

test('whatever was parsed before, every name comes out as it stands in the text', () => {
  fc.assert(
    fc.property(fc.array(json, { minLength: 2, maxLength: 6 }), (values) => {
      for (const text of values.map((value) => JSON.stringify(value))) {
        expect(canonicalJson(JSON.stringify(soundParse(text)))).toBe(canonicalJson(text))
      }
    }),
    { numRuns: 500 },
  )
})

test('the names that the engine takes for one another stay apart, in the global JSON.parse too', () => {
  const first = JSON.parse('{"p":1,"\\\\":2}')
  const second = JSON.parse('{"p":1,"\\n":2}')
  const third = JSON.parse('{"p":1,"\\u0041":2}')

  expect([first, second, third].map((object) => Object.keys(object)[1])).toEqual(['\\', '\n', 'A'])
})

test('of a name that comes twice, escaped or not, the last value counts', () => {
  expect(soundParse('{"a":1,"\\u0061":2,"a":3}')).toEqual({ a: 3 })
  expect(soundParse('{"a":1,"\\u0061":2}')).toEqual({ a: 2 })
})

test('an escaped __proto__ is a name like any other', () => {
  const parsed = soundParse('{"\\u005f_proto__":{"polluted":true},"x\\n":1}') as object

  expect(Object.keys(parsed)).toEqual(['__proto__', 'x\n'])
  expect(parsed).not.toHaveProperty('polluted')
})

test('strings that look like names, and names that look like stand-ins, stay what they are', () => {
  const text = '{"n1":"\\"n0\\":","\\n":["a\\\\",":"],"n0":{"n0" : "n1"}}'

  expect(canonicalJson(JSON.stringify(soundParse(text)))).toBe(canonicalJson(text))
})

test('a reviver sees the names of the text and the source of numbers', () => {
  const seen: [string, string | undefined][] = []

  soundParse('{"\\n":1.50,"b":["x"]}', (key, value, context) => {
    if (typeof value !== 'object') seen.push([key, context?.source])
    return value
  })

  expect(seen).toEqual([
    ['\n', '1.50'],
    ['0', '"x"'],
  ])
})

test.for(['{"\\x":1}', '{"a\nb\\n":1}', '{"\\n":1', '{"\\n"}', '{"\\n":}', '"\\', '{"\\ud8":1}'])('%s is refused', (text) => {
  expect(() => soundParse(text)).toThrow(SyntaxError)
})

test('a refusal is about the text as it was sent', () => {
  expect(() => soundParse('{"a\\n": 1, "bbbbbbbb": x}')).toThrow('bbbbbbb": x')
})

test('nesting of 100,000 levels does not overflow', () => {
  const text = `${'{"\\n":'.repeat(100_000)}1${'}'.repeat(100_000)}`

  expect(() => soundParse(text)).not.toThrow()
})
