import type { StatsD } from 'hot-shots'
import type { CounterName, SampleName } from './catalog.ts'
import type { SampleWriter, WriteSample } from './sample-writer.ts'
import type { Tags } from './statsd.ts'

/** Metrics with one set of tags. */
export type Series = {
  /** Adds to a counter. Counters are summed here and sent once a second, so adding costs next to nothing. */
  count(name: CounterName, amount?: number): void
  /**
   * Records one value of a timer or a histogram, in the unit that the catalog says. One that costs is given as a function: it is
   * worked out where it is sent only, and left out where it is NaN (it still counts for the share that is sent).
   */
  record(name: SampleName, value: number | (() => number)): void
}

/** A series and what is to be done with it each second. */
export type SeriesState = Series & {
  /** Sends the sums; returns whether anything was counted or recorded since the last time. */
  flush(): boolean
}

type SeriesOptions = {
  tags: Tags
  statsd: Pick<StatsD, 'increment'>
  samples: Pick<SampleWriter, 'sampleOf'>
  /** Told of the first count or value after a flush that found none. */
  onActive: (series: SeriesState) => void
}

// Of one metric with one set of tags, about so many values are sent each second; beyond, a share with its rate in the line.
const VALUES_PER_SECOND = 200
const RATES = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001]
const RATE_DIVISOR = 10

/** `rate`: the share sent now. `values`, `sent`: of this second; how many are sent is known on average only. */
type Sampler = { rate: number; values: number; sent: number; write: WriteSample }

export function createSeries({ tags, statsd, samples, onActive }: SeriesOptions): SeriesState {
  const sums = new Map<CounterName, number>()
  const samplers = new Map<SampleName, Sampler>()
  let isActive = false

  function activate(): void {
    if (isActive) return
    isActive = true
    onActive(series)
  }

  function createSampler(name: SampleName): Sampler {
    const sampler = { rate: 1, values: 0, sent: 0, write: samples.sampleOf(name, tags) }
    samplers.set(name, sampler)
    return sampler
  }

  const series: SeriesState = {
    count(name, amount = 1) {
      activate()
      sums.set(name, (sums.get(name) ?? 0) + amount)
    },
    record(name, value) {
      activate()
      const sampler = samplers.get(name) ?? createSampler(name)
      spend(sampler)
      const { rate } = sampler
      if (rate < 1 && Math.random() >= rate) return
      const sent = typeof value === 'number' ? value : value()
      if (!Number.isNaN(sent)) sampler.write(toThousandths(sent), rate)
    },
    flush() {
      isActive = sums.size > 0 || [...samplers.values()].some(({ values }) => values > 0)
      for (const [name, sum] of sums) statsd.increment(name, sum, tags)
      sums.clear()
      for (const sampler of samplers.values()) {
        sampler.rate = rateFor(sampler.values)
        sampler.values = 0
        sampler.sent = 0
      }
      return isActive
    },
  }
  return series
}

/** Thousandths are precise enough for ms, and shorter than a double's own digits. */
export function toThousandths(value: number): number {
  return Math.round(value * 1000) / 1000
}

/** Counts a value against the second's allowance; where that is used up before the second is, the rate goes down at once. */
function spend(sampler: Sampler): void {
  sampler.values += 1
  sampler.sent += sampler.rate
  if (sampler.sent <= VALUES_PER_SECOND) return
  sampler.rate /= RATE_DIVISOR
  sampler.sent = 0
}

/** The share to send of a second's values, if they are as many as the last one's: one for all, so that percentiles are true. */
function rateFor(values: number): number {
  return RATES.find((rate) => values * rate <= VALUES_PER_SECOND) ?? Math.min(...RATES)
}
