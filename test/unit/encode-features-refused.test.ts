import { expect, test } from 'vitest'
import { encodeFeatures } from '../../src/features/encode-features.ts'
import type { FeatureValue } from '../../src/features/feature-record.ts'
import { type Finding, MAX_FINDINGS } from '../../src/features/finding.ts'
import { parseJson } from '../../src/json/parse-json.ts'

function findingsIn(features: object, at: readonly PropertyKey[] = []): Finding[] {
  const findings: Finding[] = []
  encodeFeatures(features, at, findings)
  return findings
}

function nested(levels: number): FeatureValue {
  return Array.from({ length: levels }).reduce<FeatureValue>((inner) => [inner], 0)
}

test('what cannot be kept is named with its place from the body’s root, through objects and arrays', () => {
  const features = { fine: 1, outer: { list: ['a', { deep: '\ud800' }] }, far: 1e126 }

  const findings = findingsIn(features, ['user-1', 'cat'])

  expect(findings).toEqual([
    { at: ['user-1', 'cat', 'outer', 'list', 1, 'deep'], message: 'holds a lone surrogate, which UTF-8 cannot represent' },
    { at: ['user-1', 'cat', 'far'], message: 'number is larger than 9.99…E+125' },
  ])
})

test('what a container holds is looked at after a fault in it, with the right place', () => {
  const findings = findingsIn({ a: { b: ['\udc00', 'fine', '\udc00'] }, c: '\udc00' })

  expect(findings.map(({ at }) => at.join('.'))).toEqual(['a.b.0', 'a.b.2', 'c'])
})

test.for([
  ['that is empty', '', 'feature name must not be empty'],
  ['of the prototype', '__proto__', 'feature name "__proto__" is not allowed as a name'],
  ['with a lone surrogate', 'a\ud800', 'feature name holds a lone surrogate, which UTF-8 cannot represent'],
  ['that is too long', 'x'.repeat(65_536), 'feature name must be at most 65535 bytes of UTF-8, is 65536'],
] as const)('a name %s is refused at any depth, and its value is not looked at', ([, name, message]) => {
  const features = Object.fromEntries([[name, '\ud800']])

  expect(findingsIn(features)).toEqual([{ at: [name], message }])
  expect(findingsIn({ in: [features] })).toEqual([{ at: ['in', 0, name], message }])
})

test('a name of 65,535 bytes is kept', () => {
  expect(findingsIn({ ['x'.repeat(65_535)]: 1, ['é'.repeat(32_767)]: 2 })).toEqual([])
})

test('29 levels of arrays are kept; the 30th is refused where it begins', () => {
  const tooDeep = { at: ['deep', ...Array.from({ length: 29 }, () => 0)], message: 'nested deeper than 29 arrays or objects' }

  expect(findingsIn({ deep: nested(29) })).toEqual([])
  expect(findingsIn({ deep: nested(30) })).toEqual([tooDeep])
})

test('a body nested far deeper than the stack goes is refused at the same place', () => {
  const deep = parseJson(Buffer.from(`{"deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)) as object

  expect(findingsIn(deep)).toEqual(findingsIn({ deep: nested(30) }))
})

test('no more is told than the limit, with what was found before, and at any depth', () => {
  const before: Finding[] = [{ at: ['earlier'], message: 'something' }]
  const surrogates = Array.from({ length: 100 }, () => '\ud800')

  encodeFeatures({ list: surrogates, map: { a: '\ud800' }, last: '\ud800' }, [], before)

  expect(before).toHaveLength(MAX_FINDINGS)
  expect(before.at(-1)).toMatchObject({ at: ['list', MAX_FINDINGS - 2] })
})
