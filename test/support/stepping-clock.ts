/** In the future, as DynamoDB Local deletes, within seconds, what has expired by the machine's own clock. */
export const START_MS = Date.parse('2099-10-07T07:46:26.943Z')

export type SteppingClock = ReturnType<typeof createSteppingClock>

/** A clock that goes on by 10 ms with each look at it, as time does between requests, and further when told to. */
export function createSteppingClock() {
  let nowMs = START_MS
  return {
    now(): Date {
      nowMs += 10
      return new Date(nowMs)
    },
    /** Lets so many seconds pass. */
    pass(seconds: number): void {
      nowMs += seconds * 1000
    },
    /** What it said last, in milliseconds since the epoch. */
    lastMs: () => nowMs,
  }
}
