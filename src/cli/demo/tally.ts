/** What came of one kind of request, or of all. */
export type Tally = {
  count: number
  /** Those that did not bring the status that is right for them. */
  unexpected: number
  /** Milliseconds of each. */
  durations: number[]
}

/** Nothing yet. */
export function startTally(): Tally {
  return { count: 0, unexpected: 0, durations: [] }
}

/** Counts one request. */
export function note(tally: Tally, durationMs: number, isExpected: boolean): void {
  tally.count += 1
  if (!isExpected) tally.unexpected += 1
  tally.durations.push(durationMs)
}

/** The duration that a share of all stays within (nearest rank); undefined where there is none. */
export function percentile(durations: readonly number[], share: number): number | undefined {
  const sorted = Float64Array.from(durations).sort()
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}
