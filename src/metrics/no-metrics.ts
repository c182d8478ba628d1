import type { Metrics } from './metrics.ts'
import type { Series } from './series.ts'

const silence: Series = { count() {}, record() {} }

/** Metrics that are not kept: for a service that has no StatsD, and for what is not about metrics. */
export function createNoMetrics(): Metrics {
  return {
    tagged: () => () => silence,
    taggedCalls: () => () => ({ series: silence, errorSeries: () => silence }),
    observe() {},
    timeCall: (_name, call) => call(),
    categories: { ofStored: (category) => category, ofAsked: (category) => category },
    close: async () => {},
  }
}
