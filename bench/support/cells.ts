import type { Measurement } from './measure.ts'
import { SINGLE_READ, WORKLOADS, type Workload } from './workloads.ts'

/** One workload under one load: a cell of the table. */
export type Cell = {
  name: string
  workload: Workload
  connections: number
  /** 0: each connection sends its next request when it has its answer. */
  ratePerSecond: number
  /** What DynamoDB takes for each call. */
  dynamodbMs: number
}

/** What each contestant brought in one round; `bareSingle`: the bare single read, whatever the workload. */
export type Round = { ours: Measurement; bare: Measurement; plain: Measurement; bareSingle: Measurement }

export type PlayedCell = Cell & { rounds: readonly Round[] }

/** What can be asked for beside the workloads' names. */
export const DELAYED_READ = 'delayed read'
export const ALL_NAMES: readonly string[] = [...WORKLOADS.map(({ name }) => name), DELAYED_READ]
export const ALL_CONNECTIONS: readonly number[] = [1, 32, 256]

const DELAY_MS = 3
const DELAYED_CONNECTIONS = 256

/** The cells of the workloads of these names, the delayed read last. */
export function cellsOf(names: readonly string[], connections: readonly number[], ratePerSecond: number): Cell[] {
  const named = WORKLOADS.filter(({ name }) => names.includes(name))
  const cells: Cell[] = named.flatMap((workload) =>
    connections.map((count) => {
      return { name: workload.name, workload, connections: count, ratePerSecond: 0, dynamodbMs: 0 }
    }),
  )
  if (!names.includes(DELAYED_READ)) return cells
  const delayed = {
    name: `single read, DynamoDB takes ${DELAY_MS} ms`,
    workload: SINGLE_READ,
    connections: DELAYED_CONNECTIONS,
    dynamodbMs: DELAY_MS,
  }
  return [...cells, { ...delayed, ratePerSecond: 0 }, { ...delayed, ratePerSecond }]
}

/** How much is asked at once, for a person. */
export function loadInWords({ connections, ratePerSecond }: Cell): string {
  const counted = connections === 1 ? '1 connection' : `${connections} connections`
  return ratePerSecond === 0 ? counted : `${ratePerSecond} requests/s over ${counted}`
}
