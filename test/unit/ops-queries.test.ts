import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { opsPath, readAlerts, readDashboard } from '../support/ops-files.ts'
import { exportedMetrics, groupingsIn, selectorsIn, seriesNamesOf } from '../support/ops-names.ts'

const exported = exportedMetrics()
const alerts = readAlerts()
// Prometheus' own: of what it scrapes, and of a histogram's buckets.
const TARGET_LABELS = ['job', 'instance', 'le']
const panels = readDashboard().panels

const queries = [
  ...alerts.map(({ alert, expr }) => ({ where: `the alert ${alert}`, expr })),
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ where: `the panel ${title}`, expr }))),
]

/** The labels of all metrics that have a series of this name. */
function labelsOf(series: string): string[] {
  return exported.filter((metric) => seriesNamesOf(metric).includes(series)).flatMap(({ labels }) => labels)
}

describe.for(queries)('$where', ({ expr }) => {
  const selectors = selectorsIn(expr)

  test('names only metrics that the exporter makes of those of the catalog', () => {
    const known = new Set(exported.flatMap(seriesNamesOf))
    expect(selectors.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([])
    expect(selectors.length > 0 || expr.includes('ALERTS')).toBe(true)
  })

  test('chooses and groups only by labels that they have', () => {
    const strange = selectors.flatMap(({ name, labels }) =>
      labels.filter((label) => ![...labelsOf(name), ...TARGET_LABELS].includes(label)),
    )
    expect(strange).toEqual([])
    const all = selectors.flatMap(({ name }) => labelsOf(name))
    expect(groupingsIn(expr).filter((label) => !all.includes(label))).toEqual([])
  })

  test('rates counters and histograms, and never a gauge', () => {
    const gauges = selectors.filter(({ name }) => exported.some((metric) => metric.type === 'gauge' && metric.name === name))
    if (gauges.length > 0) expect(expr).not.toContain('rate(')
    else if (selectors.length > 0) expect(expr).toContain('rate(')
  })
})

describe.for(alerts)('$alert', ({ alert, labels, annotations }) => {
  test('says how bad it is, what it is, and where to read on', () => {
    expect(['warning', 'critical']).toContain(labels.severity)
    expect(annotations).toEqual({
      summary: expect.stringMatching(/\w/),
      description: expect.stringMatching(/\w.*\.$/),
      runbook_url: `README.md#${alert.toLowerCase()}`,
    })
  })

  test('is held by a test to fire, and by one not to', () => {
    type Case = { alertname: string; exp_alerts: unknown[] }
    const { tests } = parse(readFileSync(opsPath('prometheus/alerts.test.yml'), 'utf8')) as {
      tests: { alert_rule_test?: Case[] }[]
    }
    const cases = tests.flatMap(({ alert_rule_test = [] }) => alert_rule_test).filter(({ alertname }) => alertname === alert)
    expect(new Set(cases.map(({ exp_alerts }) => exp_alerts.length > 0))).toEqual(new Set([true, false]))
  })
})
