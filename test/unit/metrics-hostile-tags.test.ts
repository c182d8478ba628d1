import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Metrics } from '../../src/metrics/metrics.ts'
import { HOSTILE_TEXTS, hostileText } from '../support/hostile-texts.ts'
import { FORMATS, type MetricLine } from '../support/metric-lines.ts'
import { PREFIX, startMetrics, tagValues, totalOf } from '../support/metrics-to-receiver.ts'

/** Sends a counter and a timer for each text as a category, as an identifier, and as both. */
function sendWith(metrics: Metrics, texts: readonly string[]): void {
  const seriesOf = metrics.tagged('category', 'identifier')
  for (const text of texts) {
    for (const series of [seriesOf(text, 'i'), seriesOf('c', text), seriesOf(text, text)]) {
      series.count('feature.found.count')
      series.record('feature.age', 1)
    }
  }
}

/** These lines, no other, and nothing else in them. */
function expectNothingForged(lines: readonly MetricLine[], texts: readonly string[]): void {
  expect(new Set(lines.map(({ name }) => name))).toEqual(new Set([`${PREFIX}.feature.found.count`, `${PREFIX}.feature.age`]))
  expect(totalOf(lines, 'feature.found.count')).toBe(3 * texts.length)
  expect(totalOf(lines, 'feature.age')).toBe(3 * texts.length)
  expect(lines.filter(({ rate }) => rate !== 1)).toEqual([])
  for (const { tags } of lines) expect(Object.keys(tags)).toEqual(['category', 'identifier'])
  for (const value of [...tagValues(lines, 'category'), ...tagValues(lines, 'identifier')]) {
    expect([...value].length).toBeLessThanOrEqual(100)
  }
}

describe.for(FORMATS)('in %s', (format) => {
  test('none of the texts that are known for it forges anything in a tag, or breaks a line', async () => {
    const texts = Object.values(HOSTILE_TEXTS)
    const { metrics, sent } = await startMetrics({ format })

    sendWith(metrics, texts)

    expectNothingForged(await sent(), texts)
  })

  test('no text in a tag forges anything or breaks a line', async () => {
    const texts = fc.array(hostileText, { minLength: 1, maxLength: 40, size: 'max' })

    await fc.assert(
      fc.asyncProperty(texts, async (texts) => {
        const { metrics, sent } = await startMetrics({ format })
        sendWith(metrics, texts)
        expectNothingForged(await sent(), texts)
      }),
      { numRuns: 30 },
    )
  })
})

test('a series is told from another whatever its values hold', async () => {
  const { metrics, sent } = await startMetrics({ format: 'dogstatsd' })
  const seriesOf = metrics.tagged('category', 'identifier')

  seriesOf('a\nb', 'c').count('feature.found.count', 1)
  seriesOf('a', 'b\nc').count('feature.found.count', 2)
  seriesOf('a,b', 'c,').count('feature.found.count', 4)

  const sums = (await sent()).map(({ tags, value }) => [tags.category, tags.identifier, value])
  expect(sums).toEqual([
    ['a_b', 'c', 1],
    ['a', 'b_c', 2],
    ['a_b', 'c_', 4],
  ])
})
