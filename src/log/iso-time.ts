const SECOND_MS = 1000

/**
 * The time as a member of a log line, `,"time":"2025-10-07T07:46:26.943Z"`: the text is made anew once a second, and
 * otherwise only its milliseconds. `now`: milliseconds since the epoch.
 */
export function createIsoTime(now: () => number): () => string {
  let second = Number.NaN
  let start = ''
  return () => {
    const ms = now()
    const ofSecond = ms % SECOND_MS
    if (ms - ofSecond !== second) {
      second = ms - ofSecond
      start = `,"time":"${new Date(second).toISOString().slice(0, -'000Z'.length)}`
    }
    return `${start}${String(ofSecond).padStart(3, '0')}Z"`
  }
}
