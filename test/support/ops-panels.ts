import { readDashboard } from './ops-files.ts'
import type { Prometheus, Sample } from './ops-prometheus.ts'

// Grafana's is four scrape intervals at least; a test's are 1 s.
const RATE_INTERVAL = '15s'

/**
 * Every query of the dashboard as Grafana would send it: the rate's interval put in, and for each variable `all`, or all its
 * values by name as where somebody ticked them, which is what `all` is of a variable that has no value for it.
 */
export async function panelQueries(prometheus: Prometheus, chosen: 'all' | 'each by name') {
  const { panels, templating } = readDashboard()
  const values = new Map([['__rate_interval', RATE_INTERVAL]])
  for (const { name, query, allValue } of templating.list) {
    const isAll = chosen === 'all' && allValue !== undefined
    values.set(name, isAll ? allValue : await ticked(prometheus, fill(query.query, values), allValue === undefined ? 1 : 2))
  }
  return panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr: fill(expr, values) })))
}

function fill(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\$(\w+)/g, (whole, name) => values.get(name) ?? whole)
}

/** All values of a variable, of which there are some, whose query is `label_values(series, label)`: as one regular expression. */
async function ticked(prometheus: Prometheus, query: string, atLeast: number): Promise<string> {
  const [, series, label] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? []
  if (series === undefined || label === undefined) throw new Error(`no query of a variable: ${query}`)
  const found = await prometheus.labelValues(label, series)
  if (found.length < atLeast) throw new Error(`only ${found} for ${query}`)
  return `(${found.join('|')})`
}

/** Whether a query's reply has anything to draw. */
export function hasData(samples: readonly Sample[]): boolean {
  return samples.some(({ value: [, value] }) => !Number.isNaN(Number(value)))
}
