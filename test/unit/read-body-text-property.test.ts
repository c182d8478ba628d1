import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readEntitiesText, readWriteText } from '../../src/features/read-body-text.ts'
import { entitiesByObjects, writeByObjects } from '../support/body-by-objects.ts'

const space = fc.constantFrom('', '', '', ' ', '\n', '\t\r ')
const digits = fc.stringMatching(/^\d{1,9}$/)
const number = fc.oneof(
  fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
  fc.integer().map(String),
  fc.tuple(fc.constantFrom('', '-'), digits, digits).map(([sign, whole, fraction]) => `${sign}${whole}.${fraction}`),
  fc.tuple(fc.constantFrom('', '-'), digits).map(([sign, whole]) => sign + whole),
)
const string = fc
  .oneof(fc.string({ unit: 'grapheme-ascii', maxLength: 30 }), fc.string({ maxLength: 5 }))
  .map((text) => JSON.stringify(text))
const name = fc.oneof(fc.constantFrom('"a"', '"b"', '"__proto__"', '""', '"1"'), string)

function joined(open: string, members: fc.Arbitrary<string>, close: string, maxLength = 4): fc.Arbitrary<string> {
  return fc.tuple(fc.array(fc.tuple(space, members, space), { maxLength }), space).map(([list, inner]) => {
    return open + (list.length === 0 ? inner : list.map((parts) => parts.join('')).join(',')) + close
  })
}

function objectOf(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const member = fc.tuple(name, space, space, value).map(([key, before, behind, text]) => `${key}${before}:${behind}${text}`)
  return joined('{', member, '}')
}

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    { arbitrary: number, weight: 5 },
    { arbitrary: string, weight: 3 },
    { arbitrary: fc.constantFrom('true', 'false', 'null'), weight: 2 },
    { arbitrary: joined('[', tie('value'), ']'), weight: 2 },
    { arbitrary: objectOf(tie('value')), weight: 1 },
  ),
}))
const features = objectOf(value)
const write = fc.tuple(space, objectOf(features), space).map((parts) => parts.join(''))

const share = fc.double({ min: 0, max: 1, noNaN: true })
const insertion = fc.constantFrom('', ...'{}[]",:-.0123456789eE\\ tu\n\u00fc')

/** A character or none in the place of a few. */
const mangled = fc.tuple(write, share, fc.nat(2), insertion).map(([text, position, removed, inserted]) => {
  const at = Math.floor(position * text.length)
  return text.slice(0, at) + inserted + text.slice(at + removed)
})

/** What it is, as from JSON and by the rules, or nothing. */
function expectTruth<Body>(read: Body | undefined, byObjects: Body | undefined): void {
  if (read !== undefined) expect(read).toEqual(byObjects)
}

test('whatever is read off the text of a write is what JSON and the rules make of it', () => {
  fc.assert(
    fc.property(write, (text) => expectTruth(readWriteText(text), writeByObjects(text))),
    { numRuns: 3000 },
  )
})

test('nothing is read off a text that is no write', () => {
  fc.assert(
    fc.property(mangled, (text) => expectTruth(readWriteText(text), writeByObjects(text))),
    { numRuns: 5000 },
  )
})

test('the same of several entities', () => {
  fc.assert(
    fc.property(objectOf(objectOf(features)), (text) => expectTruth(readEntitiesText(text), entitiesByObjects(text))),
    { numRuns: 1000 },
  )
})

test('most plain writes are read off their text', () => {
  const plain = fc.dictionary(
    fc.constantFrom('a', 'b', 'c_1'),
    fc.oneof(
      fc.integer(),
      fc.integer().map((cents) => cents / 100),
      fc.constantFrom('x', true, null, [1, 2.5]),
    ),
  )
  fc.assert(
    fc.property(plain, (data) => {
      const text = JSON.stringify({ c: data })

      expect(readWriteText(text)).toBeDefined()
      expect(readWriteText(text)).toEqual(writeByObjects(text))
    }),
    { numRuns: 500 },
  )
})
