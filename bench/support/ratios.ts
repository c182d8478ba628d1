import type { PlayedCell, Round } from './cells.ts'
import { quantile } from './statistics.ts'

/** The median of the rounds' figures, and the first and third quartile. */
export type Spread = { median: number; low: number; high: number }

export function spreadOf(figures: readonly number[]): Spread {
  const [low = 0, median = 0, high = 0] = [0.25, 0.5, 0.75].map((share) => quantile(figures, share))
  return { median, low, high }
}

/** How the service compares in one round: what drifts from round to round is in both halves of each ratio. */
const RATIOS = {
  cpuToBare: ({ ours, bare }: Round) => ours.cpuUs / bare.cpuUs,
  cpuToBareSingle: ({ ours, bareSingle }: Round) => ours.cpuUs / bareSingle.cpuUs,
  throughputToBare: ({ ours, bare }: Round) => ours.perSecond / bare.perSecond,
  throughputToPlain: ({ ours, plain }: Round) => ours.perSecond / plain.perSecond,
  p50ToPlain: ({ ours, plain }: Round) => ours.p50Ms / plain.p50Ms,
  p99ToPlain: ({ ours, plain }: Round) => ours.p99Ms / plain.p99Ms,
}

export type Ratios = Record<keyof typeof RATIOS | 'cpuPerEntityToBareSingle', Spread>

/** The ratios of each round, summed up. */
export function ratiosOf({ rounds, workload }: PlayedCell): Ratios {
  const perEntity = (round: Round) => RATIOS.cpuToBareSingle(round) / workload.entitiesPerRequest
  const all = Object.entries({ ...RATIOS, cpuPerEntityToBareSingle: perEntity })
  return Object.fromEntries(all.map(([name, ratioOf]) => [name, spreadOf(rounds.map(ratioOf))])) as Ratios
}
