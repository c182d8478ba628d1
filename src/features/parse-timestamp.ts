const DATE_AND_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/
const ZONE = /(?:Z|[+-]\d\d:?\d\d)$/

/** Milliseconds since the epoch of a stored time: RFC 3339, and without a zone, as older writers had it, in UTC; else NaN. */
export function parseTimestamp(stored: unknown): number {
  if (typeof stored !== 'string' || !DATE_AND_TIME.test(stored)) return Number.NaN
  return Date.parse(ZONE.test(stored) ? stored : `${stored}Z`)
}
