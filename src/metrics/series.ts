import { type CounterName, type GaugeName, METRICS, type SampleName } from './catalog.ts'
import type { TaggedClient } from './statsd.ts'

/** Metrics with one set of tags. */
export type Series = {
  /** Adds to a counter. Counters are summed here and sent once a second, so adding costs next to nothing. */
  count(name: CounterName, amount?: number): void
  /** Records one value of a timer or a histogram, in the unit that the catalog says. */
  record(name: SampleName, value: number): void
}

/** A series and what is to be done with it each second. */
export type SeriesState = Series & {
  gauge(name: GaugeName, value: number): void
  /** Sends the sums; returns whether anything was counted or recorded since the last time. */
  flush(): boolean
}

// Of one metric with one set of tags, about so many values are sent each second; beyond, a share with its rate in the line.
const VALUES_PER_SECOND = 200
const RATES = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001]
const RATE_DIVISOR = 10

/** `rate`: the share sent now. `values`, `sent`: of this second; how many are sent is known on average only. */
type Sampling = { rate: number; values: number; sent: number }

/** `onActive` is told of the first count or value after a flush that found none. */
export function createSeries({ client, makeRoomFor }: TaggedClient, onActive: (series: SeriesState) => void): SeriesState {
  const sums = new Map<CounterName, number>()
  const samplings = new Map<SampleName, Sampling>()
  let isActive = false

  function activate(): void {
    if (isActive) return
    isActive = true
    onActive(series)
  }

  function samplingOf(name: SampleName): Sampling {
    const known = samplings.get(name)
    if (known) return known
    const fresh = { rate: 1, values: 0, sent: 0 }
    samplings.set(name, fresh)
    return fresh
  }

  const series: SeriesState = {
    count(name, amount = 1) {
      activate()
      sums.set(name, (sums.get(name) ?? 0) + amount)
    },
    record(name, value) {
      activate()
      const sampling = samplingOf(name)
      spend(sampling)
      makeRoomFor(name, sampling.rate)
      // hot-shots throws the dice.
      if (METRICS[name].type === 'timer') client.timing(name, toThousandths(value), sampling.rate)
      else client.histogram(name, toThousandths(value), sampling.rate)
    },
    gauge(name, value) {
      makeRoomFor(name)
      client.gauge(name, toThousandths(value))
    },
    flush() {
      isActive = sums.size > 0 || [...samplings.values()].some(({ values }) => values > 0)
      for (const [name, sum] of sums) {
        makeRoomFor(name)
        client.increment(name, sum)
      }
      sums.clear()
      for (const sampling of samplings.values()) {
        Object.assign(sampling, { rate: rateFor(sampling.values), values: 0, sent: 0 })
      }
      return isActive
    },
  }
  return series
}

function toThousandths(value: number): number {
  return Math.round(value * 1000) / 1000
}

/** Counts a value against the second's allowance; where that is used up before the second is, the rate goes down at once. */
function spend(sampling: Sampling): void {
  sampling.values += 1
  sampling.sent += sampling.rate
  if (sampling.sent <= VALUES_PER_SECOND) return
  sampling.rate /= RATE_DIVISOR
  sampling.sent = 0
}

/** The share to send of a second's values, if they are as many as the last one's: one for all, so that percentiles are true. */
function rateFor(values: number): number {
  return RATES.find((rate) => values * rate <= VALUES_PER_SECOND) ?? Math.min(...RATES)
}
