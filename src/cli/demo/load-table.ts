import { formatCount } from '../bulk/format.ts'
import { percentile, startTally, type Tally } from './tally.ts'

const COLUMNS = ['requests', '/s', 'p50 ms', 'p95 ms', 'p99 ms', 'wrong'] as const
const NAME_WIDTH = 22
const WIDTHS = [10, 8, 9, 9, 9, 8]
const SHARES = [0.5, 0.95, 0.99]

/** The load as a table of text: a line of names, one for each kind, one for all. */
export function loadTable(tallies: ReadonlyMap<string, Tally>, seconds: number): string[] {
  const all = startTally()
  for (const { count, unexpected, durations } of tallies.values()) {
    all.count += count
    all.unexpected += unexpected
    for (const duration of durations) all.durations.push(duration)
  }
  return [
    line('', COLUMNS),
    ...[...tallies].map(([name, tally]) => line(name, cells(tally, seconds))),
    line('all', cells(all, seconds)),
  ]
}

function cells({ count, unexpected, durations }: Tally, seconds: number): string[] {
  const percentiles = SHARES.map((share) => percentile(durations, share)?.toFixed(1) ?? '')
  return [formatCount(count), formatCount(count / seconds), ...percentiles, unexpected === 0 ? '-' : formatCount(unexpected)]
}

function line(name: string, texts: readonly string[]): string {
  return `  ${name.padEnd(NAME_WIDTH)}${texts.map((text, index) => text.padStart(WIDTHS[index] ?? 0)).join('')}`
}
