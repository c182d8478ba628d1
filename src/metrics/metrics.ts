import type { GaugeName } from './catalog.ts'
import { type CategoryTags, createCategoryTags } from './category-tags.ts'
import { createSampleWriter } from './sample-writer.ts'
import { createSeries, type Series, type SeriesState, toThousandths } from './series.ts'
import { createStatsD, onlyFirst, type StatsDOptions, socketOptionsFor } from './statsd.ts'
import { toTagValue } from './tag-value.ts'
import { type CallSeries, createTimeCall, type TimeCall } from './time-call.ts'

export type MetricsOptions = StatsDOptions & {
  /** The `error_type` of what a call threw; `not_found` is no error. */
  errorTypeOf: (error: unknown) => string
}

type Gauges = Partial<Record<GaugeName, number>>

export type Metrics = {
  /**
   * Metrics with these tags: takes the tags' names, returns what takes their values, in the same order. Values are cleaned;
   * that there are few of them is for the caller to see to.
   */
  tagged: (...names: string[]) => (...values: string[]) => Series
  /** The same for what timeCall measures: an error's metrics have the tag `error_type` more. */
  taggedCalls: (...names: string[]) => (...values: string[]) => CallSeries
  /** Sends what `read` returns every 10 s. */
  observe: (read: () => Gauges) => void
  timeCall: TimeCall
  /** Categories as tag values, a hundred of them. */
  categories: CategoryTags
  /** Sends what is summed and buffered, and closes the socket. */
  close: () => Promise<void>
}

const FLUSH_INTERVAL_MS = 1000
const GAUGE_INTERVAL_MS = 10_000

// A bound for the case that tags have many values after all (identifiers): a series is made anew when it is needed again.
const MAX_SERIES_KEPT = 5000

/** Series by their tags' values, one after the other: no key has to be put together for each metric. */
type Branch = { series?: Series; next?: Map<string, Branch> }

function branchOf(root: Branch, values: readonly string[]): Branch {
  let branch = root
  for (const value of values) branch = nextBranch(branch, value)
  return branch
}

function nextBranch(branch: Branch, value: string): Branch {
  branch.next ??= new Map()
  const known = branch.next.get(value)
  if (known) return known
  const fresh: Branch = {}
  branch.next.set(value, fresh)
  return fresh
}

/** Metrics over StatsD. Recording never waits, never fails a caller, and counters cost next to nothing until they are sent. */
export function createMetrics({ errorTypeOf, ...options }: MetricsOptions): Metrics {
  const target = { ...options, onFailure: onlyFirst(options.onFailure), socketOptions: socketOptionsFor(options.host) }
  const statsd = createStatsD(target)
  const samples = createSampleWriter(target)
  const active = new Set<SeriesState>()
  const reads: (() => Gauges)[] = []

  function tagged(...names: string[]) {
    let root: Branch = {}
    let kept = 0
    return (...values: string[]): Series => {
      const known = branchOf(root, values).series
      if (known) return known
      if (kept === MAX_SERIES_KEPT) {
        root = {}
        kept = 0
      }
      kept += 1
      const branch = branchOf(root, values)
      const tags = Object.fromEntries(names.map((name, index) => [name, toTagValue(values[index] ?? '')]))
      branch.series = createSeries({ tags, statsd, samples, onActive: (series) => active.add(series) })
      return branch.series
    }
  }

  function taggedCalls(...names: string[]) {
    const seriesOf = tagged(...names)
    const failedOf = tagged(...names, 'error_type')
    return (...values: string[]): CallSeries => ({
      series: seriesOf(...values),
      errorSeries: (errorType) => failedOf(...values, errorType),
    })
  }

  function flush(): void {
    for (const series of active) {
      if (!series.flush()) active.delete(series)
    }
    statsd.flush()
    samples.flush()
  }

  function sendGauges(): void {
    for (const read of reads) {
      for (const [name, value] of Object.entries(read())) statsd.gauge(name, toThousandths(value))
    }
  }

  async function end(): Promise<void> {
    clearInterval(flushTimer)
    clearInterval(gaugeTimer)
    flush()
    await Promise.all([samples.close(), new Promise<void>((resolve) => statsd.close(() => resolve()))])
  }

  let closing: Promise<void> | undefined
  const flushTimer = setInterval(flush, FLUSH_INTERVAL_MS).unref()
  const gaugeTimer = setInterval(sendGauges, GAUGE_INTERVAL_MS).unref()

  return {
    tagged,
    taggedCalls,
    observe: (read) => {
      reads.push(read)
    },
    timeCall: createTimeCall(errorTypeOf),
    categories: createCategoryTags(),
    close(): Promise<void> {
      closing ??= end()
      return closing
    },
  }
}
