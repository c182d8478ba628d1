import { describe, expect, test } from 'vitest'
import { type CounterName, type GaugeName, METRICS, type SampleName } from '../../src/metrics/catalog.ts'
import type { Metrics } from '../../src/metrics/metrics.ts'
import { FORMATS, type MetricLine } from '../support/metric-lines.ts'
import { holdSeconds, PREFIX, startMetrics } from '../support/metrics-to-receiver.ts'

const WIRE_TYPES = { counter: 'c', timer: 'ms', histogram: 'h', gauge: 'g' } as const
const CATALOG = Object.entries(METRICS)

/** Sends every metric of the catalog once, each tag's value made of the tag's name. */
function sendAll(metrics: Metrics): void {
  for (const [name, { type, tags }] of CATALOG) {
    const series = metrics.tagged(...tags)(...tags.map((tag) => `a_${tag}`))
    if (type === 'counter') series.count(name as CounterName, 3)
    else if (type === 'gauge') metrics.observe(() => ({ [name as GaugeName]: 3 }))
    else series.record(name as SampleName, 3)
  }
}

describe.for(FORMATS)('in %s', (format) => {
  test('every metric of the catalog is a line of its name, type and tags', async () => {
    const seconds = holdSeconds()
    const { metrics, sent } = await startMetrics({ format })

    sendAll(metrics)
    seconds.pass(10)

    const byName = (a: MetricLine, b: MetricLine) => a.name.localeCompare(b.name)
    const expected = CATALOG.map(([name, { type, tags }]) => ({
      name: `${PREFIX}.${name}`,
      tags: Object.fromEntries(tags.map((tag) => [tag, `a_${tag}`])),
      value: 3,
      type: WIRE_TYPES[type],
      rate: 1,
    }))
    expect((await sent()).toSorted(byName)).toEqual(expected.toSorted(byName))
  })

  test('a prefix of several words is what every name begins with', async () => {
    const { metrics, sent } = await startMetrics({ format, prefix: 'team.features' })

    metrics.tagged()().count('http.request.count')
    metrics.tagged()().record('http.request.duration', 1)

    const names = (await sent()).map(({ name }) => name)
    expect(names.toSorted()).toEqual(['team.features.http.request.count', 'team.features.http.request.duration'])
  })

  test.for([
    [0, 0],
    [1e-7, 0],
    [-0, 0],
    [0.1 + 0.2, 0.3],
    [1234.56789, 1234.568],
    [1.7e12, 1.7e12],
    [2 ** 53, 2 ** 53],
  ] as const)('a value of %d is written as %d, in digits', async ([value, written]) => {
    const { metrics, sent } = await startMetrics({ format })

    metrics.tagged()().record('feature.age', value)

    expect(await sent()).toMatchObject([{ value: written }])
  })
})
