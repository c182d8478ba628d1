const WINDOW_MS = 10_000

/** Tells how many a second there were lately, of a count that only grows. */
export function createRate(count: () => number, nowMs: () => number = () => performance.now()) {
  const seen = [{ atMs: nowMs(), count: count() }]
  return function perSecond(): number {
    const now = { atMs: nowMs(), count: count() }
    seen.push(now)
    while (seen.length > 2 && now.atMs - (seen[1]?.atMs ?? 0) > WINDOW_MS) seen.shift()
    const { atMs, count: before } = seen[0] ?? now
    return now.atMs === atMs ? 0 : ((now.count - before) * 1000) / (now.atMs - atMs)
  }
}
