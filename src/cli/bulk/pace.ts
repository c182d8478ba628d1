export type Pace = ReturnType<typeof createPace>

// Throttled calls come in crowds: all of one crowd are one reason to give way.
const GIVE_WAY_INTERVAL_MS = 250
const GIVE_WAY_FACTOR = 0.7

/**
 * How many calls may be under way: fewer by a third whenever the store throttles, one more for each round of successes
 * (additive increase, multiplicative decrease, as TCP's congestion control), from 1 to `max`.
 */
export function createPace(max: number, nowMs: () => number = () => performance.now()) {
  let limit = max
  let lastGivenWayMs = Number.NEGATIVE_INFINITY
  return {
    /** Calls that may be under way at once. */
    limit: () => Math.floor(limit),

    /** A call succeeded. */
    goOn(): void {
      limit = Math.min(max, limit + 1 / limit)
    },

    /** A call was throttled. */
    giveWay(): void {
      if (nowMs() - lastGivenWayMs < GIVE_WAY_INTERVAL_MS) return
      lastGivenWayMs = nowMs()
      limit = Math.max(1, limit * GIVE_WAY_FACTOR)
    },
  }
}
