import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PlayedCell, Round } from './cells.ts'
import { cpuChart } from './cpu-chart.ts'
import { jsonText } from './json-text.ts'
import { ratiosOf, type Spread } from './ratios.ts'
import type { Target } from './targets.ts'

const WHOS = ['ours', 'bare', 'plain', 'bareSingle'] as const
const FIGURES = [
  'requests',
  'cpuUs',
  'perSecond',
  'p50Ms',
  'p99Ms',
  'maxMs',
  'errors',
  'unsent',
  'cores',
  'generatorCores',
  'storeCores',
] as const
const DIGITS = 4

/** Writes what was measured, round by round, as JSON, and its chart. Returns the files' names. */
export async function writeResults(folder: string, about: object, cells: readonly PlayedCell[], targets: readonly Target[]) {
  const results = { about, targets: targets.map(targetOf), cells: cells.map(cellOf) }
  const [json, svg] = [join(folder, 'requests.json'), join(folder, 'requests.svg')]
  await mkdir(folder, { recursive: true })
  await writeFile(json, jsonText(results))
  await writeFile(svg, cpuChart(cells))
  return [json, svg]
}

function targetOf({ what, limit, reached, unit, isMet }: Target) {
  return { what, limit, unit, reached: rounded(reached), met: isMet }
}

/** Each figure as a list, in the order of the rounds. */
function cellOf(cell: PlayedCell) {
  const { name, connections, ratePerSecond, dynamodbMs, rounds, workload } = cell
  const whos = WHOS.filter((who) => who !== 'bareSingle' || rounds.some(({ bare, bareSingle }) => bare !== bareSingle))
  const ratios = Object.entries(ratiosOf(cell)).map(([ratio, spread]) => [ratio, rounded(spread)])
  return {
    workload: name,
    connections,
    ratePerSecond,
    dynamodbMs,
    entitiesPerRequest: workload.entitiesPerRequest,
    ratios: Object.fromEntries(ratios),
    rounds: Object.fromEntries(whos.map((who) => [who, figuresOf(rounds, who)])),
  }
}

/** Without those there are none of: what the bare routes' store took of a core. */
function figuresOf(rounds: readonly Round[], who: keyof Round) {
  const figures = FIGURES.map((figure) => [figure, rounds.map((round) => significant(round[who][figure]))] as const)
  return Object.fromEntries(figures.filter(([, all]) => all.every(Number.isFinite)))
}

function rounded({ median, low, high }: Spread) {
  return { median: significant(median), low: significant(low), high: significant(high) }
}

/** More digits than these are noise; whole numbers are counts, and are kept. */
function significant(figure: number): number {
  return Number.isInteger(figure) ? figure : Number(figure.toPrecision(DIGITS))
}
