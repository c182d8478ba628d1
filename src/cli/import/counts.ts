/** What became of the rows of a file, or of several. */
export type Counts = {
  rows: number
  written: number
  /** Not written, as a later event time is stored. */
  stale: number
  /** Not written, as they had expired already. */
  expired: number
  rejected: number
}

/** None yet. */
export function noCounts(): Counts {
  return { rows: 0, written: 0, stale: 0, expired: 0, rejected: 0 }
}

/** The counts of both. */
export function addCounts(a: Counts, b: Counts): Counts {
  return {
    rows: a.rows + b.rows,
    written: a.written + b.written,
    stale: a.stale + b.stale,
    expired: a.expired + b.expired,
    rejected: a.rejected + b.rejected,
  }
}
