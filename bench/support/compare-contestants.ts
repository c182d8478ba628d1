import { ALL_CONNECTIONS, ALL_NAMES, type Cell, cellsOf } from './cells.ts'
import { MAX_IN_FLIGHT } from './contestants.ts'
import { describeMachine } from './machine.ts'
import { playCells } from './play-cells.ts'
import { createProgress } from './progress.ts'
import { reportCells, reportTargets } from './report.ts'
import { writeResults } from './results.ts'
import { targetsOf } from './targets.ts'
import { SINGLE_READ } from './workloads.ts'

export type CompareOptions = {
  rounds: number
  durationMs: number
  connections: readonly number[]
  /** By name; all where left out. */
  workloads: readonly string[] | undefined
  /** Of the open loop, in requests per second. */
  rate: number
  /** Where results go, of any run. */
  out: string | undefined
  /** Where those of a whole run go. */
  folder: string
}

const WARM_UP_MS = 2000
const CONTESTANTS = 3

/**
 * Plays all cells asked for, prints what they brought and whether the targets are met, and writes it.
 * @throws Error at a name that is none, or any reply that is not as it should be.
 */
export async function compareContestants(options: CompareOptions): Promise<void> {
  const { rounds, durationMs, connections, workloads = ALL_NAMES, rate, out, folder } = options
  const unknown = workloads.filter((name) => !ALL_NAMES.includes(name))
  if (unknown.length > 0) throw new Error(`no workload: ${unknown.join(', ')}; there are ${ALL_NAMES.join(', ')}`)
  const cells = cellsOf(workloads, connections, rate)
  const stores = [...Map.groupBy(cells, ({ dynamodbMs }) => dynamodbMs).values()]

  const progress = createProgress(stores.reduce((sum, each) => sum + stepsOf(each, rounds), 0))
  const played = []
  for (const each of stores)
    played.push(...(await playCells(each, { rounds, durationMs, warmUpMs: WARM_UP_MS, onStep: progress.step })))
  progress.end()

  const machine = describeMachine()
  const targets = targetsOf(played)
  console.log(`${machine.cores} x ${machine.cpu}, Node ${machine.node}; medians of ${rounds} rounds of ${durationMs} ms`)
  console.log(`ours has MAX_IN_FLIGHT=${MAX_IN_FLIGHT}: its default of 128 would refuse most of 256 connections\n`)
  console.log(`${reportCells(played)}\n\n${reportTargets(targets)}`)

  const isWhole = workloads.length === ALL_NAMES.length && ALL_CONNECTIONS.every((count) => connections.includes(count))
  const target = out ?? (isWhole ? folder : undefined)
  if (target === undefined) return
  const about = { ...machine, rounds, durationMs, maxInFlight: MAX_IN_FLIGHT }
  console.log(`\nwritten: ${(await writeResults(target, about, played, targets)).join(', ')}`)
}

/** How many measurements there are with one DynamoDB: the bare single read is one more beside another workload. */
function stepsOf(cells: readonly Cell[], rounds: number): number {
  const entrants = cells.map(({ workload }) => (workload === SINGLE_READ ? CONTESTANTS : CONTESTANTS + 1))
  return CONTESTANTS * cells.length + rounds * entrants.reduce((sum, count) => sum + count, 0)
}
