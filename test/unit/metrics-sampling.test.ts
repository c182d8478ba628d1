import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { SampleName } from '../../src/metrics/catalog.ts'
import { FORMATS, type Format, type MetricLine } from '../support/metric-lines.ts'
import { holdSeconds, startMetrics } from '../support/metrics-to-receiver.ts'

// Of one metric and its tags; the README says it.
const VALUES_PER_SECOND = 200
const NAMES: readonly SampleName[] = ['http.request.duration', 'http.response.size']

/** Metrics whose seconds are the test's, and how to record so many values, the receiver reading between them. */
async function startSampling(format: Format) {
  const seconds = holdSeconds()
  const { metrics, receiver, sent } = await startMetrics({ format })
  const seriesOf = metrics.tagged('method')
  let linesBefore = 0
  return {
    metrics,
    sent,
    async record(name: SampleName, count: number, method = 'GET'): Promise<void> {
      for (let index = 0; index < count; index += 1) {
        seriesOf(method).record(name, index)
        if (index % 500 === 0) await setImmediate()
      }
    },
    /** Lets so many seconds pass, and returns the lines that were sent since the last time. */
    async pass(count: number): Promise<readonly MetricLine[]> {
      seconds.pass(count)
      const lines = (await receiver.all()).slice(linesBefore)
      linesBefore += lines.length
      return lines
    },
  }
}

/** How many values the lines stand for. */
function estimate(lines: readonly MetricLine[]): number {
  return lines.reduce((sum, { rate }) => sum + 1 / rate, 0)
}

/** Six standard deviations of an estimate of `count` values at `rate`: one run in 500 million is outside. */
function tolerance(count: number, rate: number): number {
  return 6 * Math.sqrt((count * (1 - rate)) / rate)
}

test('a value that is given as a function is worked out for each line sent, and for no other', async () => {
  const { metrics, pass } = await startSampling('dogstatsd')
  const series = metrics.tagged('method')('GET')
  let asked = 0

  for (let index = 0; index < 10 * VALUES_PER_SECOND; index += 1) {
    series.record('feature.age', () => {
      asked += 1
      return index
    })
  }

  expect(await pass(1)).toHaveLength(asked)
  expect(asked).toBeLessThan(10 * VALUES_PER_SECOND)
})

test('a value that comes to nothing is left out', async () => {
  const { metrics, pass } = await startSampling('dogstatsd')
  const series = metrics.tagged('method')('GET')

  series.record('feature.age', () => Number.NaN)
  series.record('feature.age', () => 7)

  expect((await pass(1)).map(({ value }) => Number(value))).toEqual([7])
})

describe.for(FORMATS)('in %s', (format) => {
  test.for(NAMES)('as many as 200 values a second of %s are all sent, second after second', async (name) => {
    const { record, pass } = await startSampling(format)

    for (let second = 1; second <= 4; second += 1) {
      await record(name, VALUES_PER_SECOND)
      const lines = await pass(1)
      expect(lines).toHaveLength(VALUES_PER_SECOND)
      expect(lines.filter(({ rate }) => rate < 1)).toEqual([])
    }
  })

  test.for(NAMES)(
    'of many values of %s a share is sent, about 200 a second, and its rate tells how many there were',
    async (name) => {
      const { record, pass } = await startSampling(format)
      const [each, seconds] = [19_000, 5]
      await record(name, each)
      await pass(1)

      const lines: MetricLine[] = []
      for (let second = 1; second <= seconds; second += 1) {
        await record(name, each)
        const ofSecond = await pass(1)
        expect(new Set(ofSecond.map(({ rate }) => rate)).size).toBe(1)
        lines.push(...ofSecond)
      }

      const rate = lines[0]?.rate ?? 1
      const lineCount = each * seconds * rate
      expect(rate).toBeLessThan(1)
      expect(lineCount).toBeLessThanOrEqual(seconds * VALUES_PER_SECOND)
      expect(Math.abs(lines.length - lineCount)).toBeLessThan(6 * Math.sqrt(lineCount))
      expect(Math.abs(estimate(lines) - each * seconds)).toBeLessThan(tolerance(each * seconds, rate))
    },
  )
})

test('the first second of many values is a few hundred lines too, and tells how many there were', async () => {
  const { record, pass } = await startSampling('dogstatsd')

  await record('http.request.duration', 20_000)

  const lines = await pass(1)
  const lowestRate = Math.min(...lines.map(({ rate }) => rate))
  expect(lines.length).toBeLessThan(5 * VALUES_PER_SECOND)
  expect(lines.slice(0, VALUES_PER_SECOND).every(({ rate }) => rate === 1)).toBe(true)
  expect(Math.abs(estimate(lines) - 20_000)).toBeLessThan(tolerance(20_000, lowestRate))
})

test.for([
  ['without values', 0],
  ['with few values', 20],
] as const)('a second %s brings all of them back', async ([, few]) => {
  const { record, pass } = await startSampling('dogstatsd')
  await record('http.request.duration', 3000)
  await pass(1)
  await record('http.request.duration', few)
  await pass(1)

  await record('http.request.duration', VALUES_PER_SECOND)

  const lines = await pass(1)
  expect(lines).toHaveLength(VALUES_PER_SECOND)
  expect(estimate(lines)).toBe(VALUES_PER_SECOND)
})

test('one busy series takes nothing from another, nor one metric from another of the same tags', async () => {
  const { record, pass } = await startSampling('dogstatsd')
  await record('http.request.duration', 3000, 'GET')
  await pass(1)

  await record('http.request.duration', 150, 'POST')
  await record('http.response.size', 150, 'GET')

  const lines = await pass(1)
  expect(lines).toHaveLength(300)
  expect(estimate(lines)).toBe(300)
})

test('counters are never sampled', async () => {
  const { metrics, pass, sent } = await startSampling('dogstatsd')
  const series = metrics.tagged()()

  for (let second = 1; second <= 3; second += 1) {
    for (let count = 0; count < 10_000; count += 1) series.count('http.request.count')
    await pass(1)
  }

  const lines = await sent()
  expect(lines.map(({ value, rate }) => [value, rate])).toEqual(Array.from({ length: 3 }, () => [10_000, 1]))
})
