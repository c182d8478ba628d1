import { describe, expect, test } from 'vitest'
import { readMapping } from '../support/ops-files.ts'
import { exportedMetrics } from '../support/ops-names.ts'

const exported = exportedMetrics()

const ENDINGS = { counter: /_total$/, histogram: /_(seconds|bytes)$/, gauge: /_(seconds|bytes|in_flight)$/ }
const UNITS: Record<string, RegExp> = { ms: /_seconds$/, bytes: /_bytes$/ }

describe.for(exported)('$statsd in Prometheus', ({ name, type, metric, labels, rule }) => {
  test('has a name that says what it is and in which unit', () => {
    expect(name).toMatch(/^feature_store(_[a-z0-9]+)+$/)
    expect(name).toMatch(ENDINGS[type])
    if (type !== 'counter') expect(name).toMatch(UNITS[metric.unit] ?? /./)
    expect(rule.help).toMatch(/^[A-Z].*\.$/)
  })

  test('is in seconds where it was in ms: timers by the exporter itself, gauges by the mapping', () => {
    expect(rule.scale).toBe(metric.type === 'gauge' && metric.unit === 'ms' ? 0.001 : undefined)
  })

  test('has no label of the mapping that is a tag, too', () => {
    expect(new Set(labels).size).toBe(labels.length)
  })
})

test('metrics that share a name are of one type, and their labels tell them apart', () => {
  const keys = exported.map(({ name, rule, statsd }) => {
    const [group = '', member = ''] = statsd.split('.')
    const labels = JSON.stringify(rule.labels ?? {}).replaceAll('$1', rule.match.includes('*.*') ? group : member)
    return `${name} ${labels.replaceAll('$2', member)}`
  })
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])

  const types = new Map<string, Set<string>>()
  for (const { name, type } of exported) types.set(name, (types.get(name) ?? new Set()).add(type))
  expect([...types].filter(([, all]) => all.size > 1)).toEqual([])
})

test('no rule of the mapping is without a metric', () => {
  const used = new Set(exported.map(({ rule }) => rule.match))

  expect(readMapping().filter(({ match }) => !used.has(match))).toEqual([])
})

test('gauges go when the process that sent them does, and nothing else goes', () => {
  const forgotten = exported.filter(({ rule }) => 'ttl' in rule).map(({ statsd }) => statsd)

  expect(forgotten).toEqual(exported.filter(({ type }) => type === 'gauge').map(({ statsd }) => statsd))
})
