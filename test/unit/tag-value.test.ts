import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toTagValue } from '../../src/metrics/tag-value.ts'
import { HOSTILE_TEXTS, hostileText } from '../support/hostile-texts.ts'
import { FORMATS, parseMetricLine } from '../support/metric-lines.ts'

const LINES = {
  dogstatsd: (value: string) => `a:1|c|#category:${value},table_type:bright_uid`,
  telegraf: (value: string) => `a,category=${value},table_type=bright_uid:1|c`,
} as const

function expectOneHarmlessTag(text: string): void {
  const value = toTagValue(text)
  expect([...value].length).toBeLessThanOrEqual(100)
  expect(value.isWellFormed()).toBe(true)
  for (const format of FORMATS) {
    const tags = { category: value, table_type: 'bright_uid' }
    expect(parseMetricLine(LINES[format](value), format)).toMatchObject({ name: 'a', value: 1, tags })
  }
}

test.for(Object.entries(HOSTILE_TEXTS))('%s as a tag is one tag of one line', ([, text]) => {
  expectOneHarmlessTag(text)
})

test('any text as a tag is one tag of one line', () => {
  fc.assert(fc.property(hostileText, expectOneHarmlessTag), { numRuns: 2000 })
})

test('an empty text is a tag too, for no tag is empty', () => {
  expectOneHarmlessTag('')
})

test.for([
  ...['transactions', 'été', '特徴', 'кот', 'a-b_c.d/e', '{identifier}', '(50%+)', "it's", '"quoted"', '🦊', 'e\u0301'],
  '~!$^&*;?<>[]`',
])('%s is written as it is', (text) => {
  expect(toTagValue(text)).toBe(text)
})

test('each forbidden character has another in its place, and the rest stays', () => {
  expect(toTagValue('a|b,c#d:e=f g\nh')).toBe('a_b_c_d_e_f_g_h')
})

test('a value is cut at 100 characters', () => {
  expect(toTagValue('n'.repeat(100))).toBe('n'.repeat(100))
  expect(toTagValue('n'.repeat(101))).toBe('n'.repeat(100))
})
