import type { PlayedCell, Round } from './cells.ts'
import { type Bar, renderChart } from './chart.ts'
import { shown } from './report.ts'
import { median } from './statistics.ts'

const CONNECTIONS = 32
const CONTESTANTS = [
  { who: 'bare', label: 'bare route', color: '#8c959f' },
  { who: 'ours', label: 'this service', color: '#0969da' },
  { who: 'plain', label: 'plain', color: '#bf8700' },
] as const

/** CPU time of a request in each workload, for each contestant. */
export function cpuChart(cells: readonly PlayedCell[]): string {
  const charted = cells.filter(({ connections, dynamodbMs }) => connections === CONNECTIONS && dynamodbMs === 0)
  return renderChart({
    title: 'CPU time of a request, in front of DynamoDB',
    subtitles: [
      'Bare route: Fastify answering the same from a ready object. Plain: the same endpoints with Fastify and DynamoDBDocumentClient.',
      `${CONNECTIONS} connections, medians of alternated rounds; × is times the bare route. Each workload has its own scale.`,
    ],
    axisLabel: 'µs of the process’s CPU time for each request',
    panels: charted.map(({ name, rounds }) => ({ title: name, bars: barsOf(rounds) })),
  })
}

function barsOf(rounds: readonly Round[]): Bar[] {
  return CONTESTANTS.map(({ who, label, color }) => {
    const value = median(rounds.map((round) => round[who].cpuUs))
    const ratio = median(rounds.map((round) => round[who].cpuUs / round.bare.cpuUs))
    return { label, value, color, note: who === 'bare' ? `${shown(value)} µs` : `${shown(value)} µs, ${shown(ratio)} ×` }
  })
}
