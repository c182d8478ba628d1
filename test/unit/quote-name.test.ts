import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quoteName } from '../../src/json/quote-name.ts'
import { quoteText } from '../../src/json/quote-text.ts'
import { PROTOTYPE_NAMES } from '../support/prototype-names.ts'

const LONE_SURROGATES = ['\ud800', 'a\udc00b', '\udfff\ud800']
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 60 }),
  fc.constantFrom(...LONE_SURROGATES, '"', '\\', '\u2028'),
)

test('a text is quoted as JSON.stringify does it', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(quoteText(text)).toBe(JSON.stringify(text))
    }),
    { numRuns: 2000 },
  )
})

test('every character of one UTF-16 unit is quoted as JSON.stringify does it', () => {
  const characters = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit))

  const different = characters.filter((character) => quoteText(character) !== JSON.stringify(character))

  expect(different).toEqual([])
})

test('a name is quoted with the colon behind it, the first time and the next', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.constantFrom(...PROTOTYPE_NAMES)), (name) => {
      expect([quoteName(name), quoteName(name)]).toEqual([`${JSON.stringify(name)}:`, `${JSON.stringify(name)}:`])
    }),
    { numRuns: 2000 },
  )
})

test('more names than are kept in mind, and longer ones, are still quoted right', () => {
  const names = Array.from({ length: 12_000 }, (_, index) => (index % 3 === 0 ? `${index}`.repeat(30) : `"${index}`))

  const wrong = [...names, ...names].filter((name) => quoteName(name) !== `${JSON.stringify(name)}:`)

  expect(wrong).toEqual([])
})
