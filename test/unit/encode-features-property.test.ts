import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeFeatures } from '../../src/features/encode-features.ts'
import { type Finding, MAX_FINDINGS } from '../../src/features/finding.ts'
import { edgeNumber, faultyFeatures } from '../support/arbitrary-faults.ts'
import { features } from '../support/arbitrary-features.ts'
import { plainAttribute, plainMemberBytes } from '../support/plain-encoding.ts'
import { plainFindings } from '../support/plain-findings.ts'

const AT = ['user-1', 'a category']

test('any legal features are written as the attributes that they are, by name and in their order', () => {
  fc.assert(
    fc.property(features, (value) => {
      const findings: Finding[] = []

      const { members } = encodeFeatures(value, AT, findings)

      expect(findings).toEqual([])
      expect([...members]).toEqual(Object.entries(value).map(([name, member]) => [name, JSON.stringify(plainAttribute(member))]))
    }),
    { numRuns: 500 },
  )
})

test('any legal features count as DynamoDB counts them', () => {
  fc.assert(
    fc.property(features, (value) => {
      expect(encodeFeatures(value, AT, []).bytes).toBe(plainMemberBytes(value))
    }),
    { numRuns: 500 },
  )
})

test('what cannot be kept is found in the order of the features, up to the limit, with its place', () => {
  fc.assert(
    fc.property(faultyFeatures, (value) => {
      const findings: Finding[] = []

      encodeFeatures(value, AT, findings)

      expect(findings).toEqual([...plainFindings(value, AT)].slice(0, MAX_FINDINGS))
    }),
    { numRuns: 1000 },
  )
})

test('a number is refused or kept by the limits of DynamoDB, be it a double or raw text', () => {
  fc.assert(
    fc.property(edgeNumber, (number) => {
      const findings: Finding[] = []

      const { members } = encodeFeatures({ number }, [], findings)

      const expected = [...plainFindings({ number }, [])]
      expect(findings).toEqual(expected)
      if (expected.length === 0) expect(members.get('number')).toBe(JSON.stringify(plainAttribute(number)))
    }),
    { numRuns: 1000 },
  )
})
