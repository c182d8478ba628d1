import { METRICS, type Metric } from '../../src/metrics/catalog.ts'
import { type MappingRule, readMapping } from './ops-files.ts'

const PREFIX = 'feature_store'

export type Exported = {
  /** As the catalog has it. */
  statsd: string
  /** As Prometheus has it. */
  name: string
  /** How the exporter declares it. */
  type: 'counter' | 'gauge' | 'histogram'
  metric: Metric
  labels: readonly string[]
  rule: MappingRule
}

const TYPES = { counter: 'counter', gauge: 'gauge', timer: 'histogram', histogram: 'histogram' } as const

/** What statsd_exporter makes of each metric of the catalog, by the first rule that matches; a test asks the exporter itself, too. */
export function exportedMetrics(): Exported[] {
  const rules = readMapping()
  return Object.entries<Metric>(METRICS).map(([statsd, metric]) => {
    const full = `${PREFIX}.${statsd}`
    const rule = rules.find(({ match }) => patternOf(match).test(full))
    if (rule === undefined) throw new Error(`no rule of the mapping matches ${full}`)
    const parts = patternOf(rule.match).exec(full) ?? []
    const name = rule.name.replace(/\$\{?(\d)\}?/g, (_, index) => parts[Number(index)] ?? '')
    const labels = [...metric.tags, ...Object.keys(rule.labels ?? {})]
    return { statsd, name, type: TYPES[metric.type], metric, labels, rule }
  })
}

/** A `*` stands for one word between dots. */
function patternOf(match: string): RegExp {
  return new RegExp(`^${match.replaceAll('.', '\\.').replaceAll('*', '([^.]+)')}$`)
}

/** The names of the series of a metric: a histogram has three. */
export function seriesNamesOf({ name, type }: Exported): string[] {
  return type === 'histogram' ? ['bucket', 'sum', 'count'].map((part) => `${name}_${part}`) : [name]
}

export type Selector = { name: string; labels: string[] }

/** Each metric of ours that an expression names, and the labels that it chooses by. */
export function selectorsIn(expr: string): Selector[] {
  return [...expr.matchAll(/\b(feature_store_\w+)(?:\{([^}]*)\})?/g)].map(([, name = '', matchers = '']) => ({
    name,
    labels: [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = '']) => label),
  }))
}

/** The labels that an expression groups by, but those that Prometheus adds itself. */
export function groupingsIn(expr: string): string[] {
  const lists = [...expr.matchAll(/\b(?:by|on)\s*\(([^)]*)\)/g)].map(([, list = '']) =>
    list.split(',').map((label) => label.trim()),
  )
  return lists.flat().filter((label) => !['job', 'instance', 'le', 'alertname', 'alertstate'].includes(label))
}
