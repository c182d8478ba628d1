import { formatCount } from '../bulk/rate.ts'
import type { Counts } from './counts.ts'

export type SummaryOptions = {
  counts: Counts
  /** Rows of this run alone, and its milliseconds. */
  ownRows: number
  durationMs: number
  attempts: { retries: number; throttled: number }
  rejectsPaths: readonly string[]
  isDryRun: boolean
}

/** What an import came to, as lines for a person; the counts add up to the rows. */
export function summarize({ counts, ownRows, durationMs, attempts, rejectsPaths, isDryRun }: SummaryOptions): string {
  const { rows, written, stale, expired, rejected } = counts
  const seconds = durationMs / 1000
  const before = rows - ownRows
  const line = (count: number, name: string, remark = '') =>
    `${formatCount(count).padStart(13)}  ${name}${remark && `  (${remark})`}`
  return [
    line(rows, 'rows', before > 0 ? `${formatCount(before)} of them in runs before` : ''),
    line(written, isDryRun ? 'valid' : 'written', isDryRun ? 'a dry run: nothing was written' : ''),
    ...(stale > 0 ? [line(stale, 'not written: a later event time is stored')] : []),
    ...(expired > 0 ? [line(expired, 'not written: expired already')] : []),
    line(rejected, 'rejected', rejected > 0 ? `line and reason of each in ${rejectsPaths.join(', ')}` : ''),
    ...(isDryRun ? [] : [line(attempts.retries, 'retries', `${formatCount(attempts.throttled)} calls throttled`)]),
    `in ${seconds.toFixed(1)} s, ${formatCount(seconds > 0 ? ownRows / seconds : 0)} rows/s`,
  ].join('\n')
}
