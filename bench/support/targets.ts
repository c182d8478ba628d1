import { loadInWords, type PlayedCell } from './cells.ts'
import { type Ratios, ratiosOf, type Spread, spreadOf } from './ratios.ts'

/** What is to be reached, and what was. */
export type Target = { what: string; limit: string; reached: Spread; unit: string; isMet: boolean }

type Goal = {
  workload: string
  connections: number
  figure: keyof Ratios
  of: string
  limit: number
  isAtLeast?: true
}

// "The bare route" may be the one that answers the same, or the single read's, which is the stricter reading: both are shown.
const SAME = 'CPU, of the bare route answering the same'
const SINGLE = 'CPU, of the bare single read'
const PLAIN = 'throughput, of the plain version'
const GOALS: readonly Goal[] = [
  { workload: 'single read', connections: 32, figure: 'cpuToBare', of: SAME, limit: 3 },
  { workload: 'single read', connections: 32, figure: 'throughputToPlain', of: PLAIN, limit: 8, isAtLeast: true },
  { workload: 'write', connections: 32, figure: 'cpuToBare', of: SAME, limit: 5 },
  { workload: 'write', connections: 32, figure: 'cpuToBareSingle', of: SINGLE, limit: 5 },
  { workload: 'write', connections: 32, figure: 'throughputToPlain', of: PLAIN, limit: 5, isAtLeast: true },
  { workload: '5-category read', connections: 32, figure: 'cpuToBare', of: SAME, limit: 4.5 },
  { workload: '5-category read', connections: 32, figure: 'cpuToBareSingle', of: SINGLE, limit: 4.5 },
  {
    workload: '100-entity read',
    connections: 32,
    figure: 'cpuPerEntityToBareSingle',
    of: 'CPU for each entity, of the bare single read',
    limit: 0.6,
  },
  { workload: 'single read', connections: 1, figure: 'p50ToPlain', of: 'p50, of the plain version', limit: 1 },
]
/** What a read may take beyond DynamoDB's own time. */
export const MARGIN_MS = 5

/** The targets whose cells were played. */
export function targetsOf(cells: readonly PlayedCell[]): Target[] {
  const ratios = GOALS.flatMap((goal) => {
    const { workload, connections, figure, of, limit, isAtLeast } = goal
    const cell = cells.find((each) => each.name === workload && each.connections === connections)
    if (!cell) return []
    const reached = ratiosOf(cell)[figure]
    const isMet = isAtLeast ? reached.median >= limit : reached.median <= limit
    return [
      {
        what: `${cell.name}, ${loadInWords(cell)}: ${of}`,
        limit: `${isAtLeast ? '>=' : '<='} ${limit} x`,
        reached,
        unit: 'x',
        isMet,
      },
    ]
  })
  return [...ratios, ...cells.filter(({ dynamodbMs }) => dynamodbMs > 0).map(latencyTarget)]
}

function latencyTarget(cell: PlayedCell): Target {
  const limitMs = cell.dynamodbMs + MARGIN_MS
  const reached = spreadOf(cell.rounds.map(({ ours }) => ours.p99Ms))
  // A request that was not even sent is the slowest of all.
  const isMet = reached.median <= limitMs && cell.rounds.every(({ ours }) => ours.unsent === 0)
  return { what: `${cell.name}, ${loadInWords(cell)}: p99`, limit: `<= ${limitMs} ms`, reached, unit: 'ms', isMet }
}
