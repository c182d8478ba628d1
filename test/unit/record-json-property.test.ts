import fc from 'fast-check'
import { expect, test } from 'vitest'
import { storedFeatures } from '../support/arbitrary-attributes.ts'
import { canonicalJson } from '../support/canonical-json.ts'
import { plainFeatures } from '../support/plain-record.ts'
import { itemOf, servedOf, USUAL_METADATA } from '../support/stored-record.ts'

/** The text of a record with features, in the one form of all texts that mean the same. */
function canonicalRecord(data: Record<string, unknown>): string {
  return canonicalJson(`{"data":${JSON.stringify(data)},"metadata":${USUAL_METADATA}}`)
}

function nullsIn(data: Record<string, unknown>): number {
  return Object.values(data).filter((value) => value === null).length
}

test('a whole category is served with every feature and every digit as stored, by any writer', () => {
  fc.assert(
    fc.property(storedFeatures, (stored) => {
      const expected = plainFeatures(stored)

      const { json, ...counts } = servedOf(itemOf(stored))

      expect(() => JSON.parse(json)).not.toThrow()
      expect(canonicalJson(json)).toBe(canonicalRecord(expected))
      expect(counts).toMatchObject({ found: Object.keys(expected).length, nulls: nullsIn(expected), missing: [] })
    }),
    { numRuns: 1000 },
  )
})

const storedAndAsked = storedFeatures.chain((stored) => {
  const others = ['nope', 'constructor', 'toString', '__proto__', '']
  return fc.tuple(
    fc.constant(stored),
    fc.array(fc.constantFrom(...Object.keys(stored), ...others), { minLength: 1, maxLength: 8 }),
  )
})

test('named features are served once each, in the order asked, and those not stored are missing', () => {
  fc.assert(
    fc.property(storedAndAsked, ([stored, names]) => {
      const [found, missing] = [true, false].map((has) =>
        [...new Set(names)].filter((name) => Object.hasOwn(stored, name) === has),
      )
      const expected = plainFeatures(Object.fromEntries((found ?? []).map((name) => [name, stored[name] ?? {}])))

      const { json, ...counts } = servedOf(itemOf(stored), names)

      expect(canonicalJson(json)).toBe(canonicalRecord(expected))
      expect(counts).toMatchObject({ found: found?.length, nulls: nullsIn(expected), missing })
    }),
    { numRuns: 1000 },
  )
})

test('the same item is served alike again and again', () => {
  fc.assert(
    fc.property(storedFeatures, (stored) => {
      expect(servedOf(itemOf(stored))).toEqual(servedOf(itemOf(stored)))
    }),
    { numRuns: 200 },
  )
})
