// Longer than a store without a hint of its own (DynamoDB) keeps an idle connection is of no use, and shorter costs TLS
// handshakes.
const KEEP_ALIVE_MS = 50_000
// A store that says when it will close has closed by then: a request that comes just before is lost.
const KEEP_ALIVE_MARGIN_MS = 2000
const HINT = /(?:^|,)\s*timeout=(\d{1,6})\s*(?:,|$)/i

/** Milliseconds that a connection may be idle: less than the store keeps it, where that says how long. */
export function keptMs(hint?: string): number {
  const seconds = hint === undefined ? undefined : HINT.exec(hint)?.[1]
  return seconds === undefined ? KEEP_ALIVE_MS : Math.min(KEEP_ALIVE_MS, Number(seconds) * 1000 - KEEP_ALIVE_MARGIN_MS)
}
