import { loadInWords, type PlayedCell, type Round } from './cells.ts'
import { type Ratios, ratiosOf, type Spread } from './ratios.ts'
import { median } from './statistics.ts'
import { MARGIN_MS, type Target } from './targets.ts'
import { textTable } from './text-table.ts'

const LABELS: Record<keyof Round, string> = {
  ours: 'ours',
  bare: 'bare route',
  plain: 'plain',
  bareSingle: 'bare single read',
}
const FIGURES = ['cpuUs', 'perSecond', 'p50Ms', 'p99Ms', 'errors', 'unsent', 'cores', 'generatorCores', 'storeCores'] as const
const HEAD = ['', 'CPU us', 'requests/s', 'p50 ms', 'p99 ms', 'errors', 'unsent', 'cores', 'generator', 'store']
const WIDE = 100
const MS_PER_SECOND = 1000

/** A figure with as many digits as are worth reading. */
export function shown(figure: number): string {
  if (!Number.isFinite(figure)) return '-'
  if (Number.isInteger(figure) || figure >= WIDE) return Math.round(figure).toLocaleString('en-US')
  return figure.toFixed(figure >= 10 ? 1 : 2)
}

/** A median with its quartiles. */
export function shownSpread({ median: middle, low, high }: Spread, unit = 'x'): string {
  return `${shown(middle)} ${unit} (${shown(low)} to ${shown(high)})`
}

/** All cells: medians of each contestant, and how the service compares with the others. */
export function reportCells(cells: readonly PlayedCell[]): string {
  return cells.map(reportCell).join('\n\n')
}

function reportCell(cell: PlayedCell): string {
  const { name, rounds } = cell
  const isSingle = rounds.every(({ bare, bareSingle }) => bare === bareSingle)
  const whos = (Object.keys(LABELS) as (keyof Round)[]).filter((who) => who !== 'bareSingle' || !isSingle)
  const rows = whos.map((who) => {
    const of = (figure: (typeof FIGURES)[number]) => shown(median(rounds.map((round) => round[who][figure])))
    return [LABELS[who], ...FIGURES.map(of)]
  })
  return `${name}, ${loadInWords(cell)}\n${textTable([HEAD, ...rows])}\n${reportRatios(ratiosOf(cell), cell, isSingle)}${remarkOn(cell)}`
}

/** Little's law: so many connections that are never idle are answered at a rate, or wait. */
function remarkOn({ dynamodbMs, ratePerSecond, connections }: PlayedCell): string {
  if (dynamodbMs === 0 || ratePerSecond > 0) return ''
  const limitMs = dynamodbMs + MARGIN_MS
  const needed = shown((connections * MS_PER_SECOND) / limitMs)
  return `\nEach connection asks again at once: answers within ${limitMs} ms take ${needed} requests/s. See the bare route's p99.`
}

function reportRatios(ratios: Ratios, { workload }: PlayedCell, isSingle: boolean): string {
  const cpu = [`of the bare route's ${shownSpread(ratios.cpuToBare)}`]
  if (!isSingle) cpu.push(`of the bare single read's ${shownSpread(ratios.cpuToBareSingle)}`)
  if (workload.entitiesPerRequest > 1) cpu.push(`for each entity ${shownSpread(ratios.cpuPerEntityToBareSingle)}`)
  const plain = `throughput ${shownSpread(ratios.throughputToPlain)}, p50 ${shownSpread(ratios.p50ToPlain)}`
  return `ours: CPU ${cpu.join(', ')}\n      of plain's ${plain}`
}

/** What was to be reached, what was, and whether that is enough. */
export function reportTargets(targets: readonly Target[]): string {
  const rows = targets.map(({ what, limit, reached, unit, isMet }) => [
    what,
    limit,
    shownSpread(reached, unit),
    isMet ? 'yes' : 'no',
  ])
  return textTable([['', 'target', 'reached', 'met'], ...rows])
}
