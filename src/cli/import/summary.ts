import { formatCount } from '../bulk/format.ts'
import type { Counts } from './counts.ts'

export type SummaryOptions = {
  counts: Counts
  /** Rows of earlier runs among them, and the milliseconds of this one. */
  earlierRows: number
  durationMs: number
  attempts: { retries: number; throttled: number }
  rejectsPaths: readonly string[]
  isDryRun: boolean
}

/** What an import came to, as lines for a person; the counts add up to the rows. */
export function summarize({ counts, earlierRows, durationMs, attempts, rejectsPaths, isDryRun }: SummaryOptions): string {
  const { rows, written, stale, expired, rejected } = counts
  const seconds = durationMs / 1000
  const ownRows = rows - earlierRows
  const line = (count: number, name: string, remark = '') =>
    `${formatCount(count).padStart(13)}  ${name}${remark && `  (${remark})`}`
  return [
    line(rows, 'rows', earlierRows > 0 ? `${formatCount(earlierRows)} in earlier runs` : ''),
    line(written, isDryRun ? 'valid' : 'written', isDryRun ? 'a dry run: nothing was written' : ''),
    ...(stale > 0 ? [line(stale, 'not written: a later event time is stored')] : []),
    ...(expired > 0 ? [line(expired, 'not written: expired already')] : []),
    line(rejected, 'rejected', rejected > 0 ? `line and reason of each in ${rejectsPaths.join(', ')}` : ''),
    ...(isDryRun ? [] : [line(attempts.retries, 'retries', `${formatCount(attempts.throttled)} calls throttled`)]),
    `in ${seconds.toFixed(1)} s, ${formatCount(seconds > 0 ? ownRows / seconds : 0)} rows/s`,
  ].join('\n')
}
