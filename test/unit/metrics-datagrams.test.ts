import { setImmediate } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { FORMATS } from '../support/metric-lines.ts'
import { holdSeconds, startMetrics, tagValues, totalOf } from '../support/metrics-to-receiver.ts'

// A host elsewhere, as far as the metrics can know.
vi.mock('node:dns', () => ({
  lookup(_host: string, _options: unknown, answered: (error: null, address: string, family: number) => void) {
    queueMicrotask(() => answered(null, '127.0.0.1', 4))
  },
}))

// What fits an Ethernet frame of 1,500 bytes beside the headers of IP and UDP; on loopback, what StatsD servers read at once.
const HOSTS = [
  { host: 'statsd.test', maxDatagramBytes: 1472 },
  { host: '127.0.0.1', maxDatagramBytes: 8192 },
] as const
const CASES = FORMATS.flatMap((format) => HOSTS.map((host) => ({ format, ...host })))

const LONGEST = '特'.repeat(94)

describe.for(CASES)('in $format to $host', ({ format, host, maxDatagramBytes }) => {
  test('hundreds of series that are sent together are many small datagrams, and none is lost', async () => {
    const seconds = holdSeconds()
    const { metrics, receiver, sent } = await startMetrics({ format, host })
    const seriesOf = metrics.tagged('table_type', 'category')

    for (let second = 1; second <= 3; second += 1) {
      for (let index = 0; index < 300; index += 1) {
        const series = seriesOf('bright_uid', `category_${index}`)
        series.count('feature.found.count', index)
        series.count('feature.missing.count')
      }
      seconds.pass(1)
      await setImmediate()
    }

    const lines = await sent()
    expect(totalOf(lines, 'feature.found.count')).toBe((3 * (299 * 300)) / 2)
    expect(totalOf(lines, 'feature.missing.count')).toBe(3 * 300)
    expect(tagValues(lines, 'category').size).toBe(300)
    expect(Math.max(...receiver.datagramBytes())).toBeLessThanOrEqual(maxDatagramBytes)
    // Small, and yet several lines each: buffering is what keeps the cost down.
    expect(receiver.datagramBytes().length).toBeLessThan(lines.length / 5)
  })

  test('values of the longest tags are small datagrams too, counters and timers mixed', async () => {
    const { metrics, receiver, sent } = await startMetrics({ format, host, prefix: 'a_rather_long.prefix_of_ours' })
    const seriesOf = metrics.tagged('table_type', 'category', 'identifier')

    for (let index = 0; index < 400; index += 1) {
      const series = seriesOf('account_id', `${LONGEST}${index % 7}`, `${LONGEST}${index}`)
      series.record('feature.age', index + 1_700_000_000_000.123)
      series.count('feature.found.count', index)
      if (index % 20 === 0) await setImmediate()
    }

    const lines = await sent()
    expect(lines.filter(({ type }) => type === 'ms')).toHaveLength(400)
    expect(lines.filter(({ type }) => type === 'c').reduce((sum, { value }) => sum + value, 0)).toBe((399 * 400) / 2)
    expect(Math.max(...receiver.datagramBytes())).toBeLessThanOrEqual(maxDatagramBytes)
  })

  test('every value of many series comes through, series new and old in turn', async () => {
    const { metrics, receiver, sent } = await startMetrics({ format, host })
    const seriesOf = metrics.tagged('table_type', 'category')

    for (let value = 0; value < 3000; value += 1) {
      seriesOf('bright_uid', `category_${value % 250}`).record('feature.age', value)
      if (value % 100 === 0) await setImmediate()
    }

    const values = (await sent()).map(({ value }) => value)
    expect(values).toEqual(Array.from({ length: 3000 }, (_, value) => value))
    expect(Math.max(...receiver.datagramBytes())).toBeLessThanOrEqual(maxDatagramBytes)
  })
})
