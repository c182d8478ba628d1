import { parseArgs } from 'node:util'
import { freePort, startChild, waitFor } from './support/child.ts'
import { cpuTimeUs } from './support/cpu-time.ts'
import { load, type Workload } from './support/load.ts'
import { median, quartiles } from './support/statistics.ts'

/**
 * Whether the cost of many entities in one request grows with their number and no more: the CPU time of the service's process
 * for each entity, in requests of several sizes in alternated rounds. `--store in-process` (default) puts a function in the
 * SDK's place, so that our own part shows; `stand-in` is the whole service and a DynamoDB stand-in. `--rounds`, `--entities`
 * (of a round, for each size), `--connections`.
 */
const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'in-process' },
    rounds: { type: 'string', default: '15' },
    entities: { type: 'string', default: '20000' },
    connections: { type: 'string', default: '4' },
  },
})
const rounds = Number(values.rounds)
const entities = Number(values.entities)
const connections = Number(values.connections)

const identifiers = (size: number) => Array.from({ length: size }, (_, index) => `user-${index}`)
const FEATURES = { avg_credit_30d: 150.5, num_transactions: 25, segment: null }

function readOf(size: number): Workload {
  const body = JSON.stringify({ identifiers: identifiers(size), categories: { trans_features: [] } })
  return { method: 'POST', path: '/api/v1/get/items', body }
}

function writeOf(size: number): Workload {
  const body = JSON.stringify(Object.fromEntries(identifiers(size).map((name) => [name, { trans_features: FEATURES }])))
  return { method: 'POST', path: '/api/v1/items', body }
}

const [port, dynamodbPort, statsdPort] = await Promise.all([freePort(), freePort(), freePort()])
startChild('bench/support/udp-sink.ts', { PORT: String(statsdPort) })
startChild('bench/support/dynamodb-stand-in.ts', { PORT: String(dynamodbPort) })
await waitFor(`http://127.0.0.1:${dynamodbPort}`)
const { pid } = startChild(values.store === 'stand-in' ? 'src/server.ts' : 'bench/support/in-process-service.ts', {
  ENVIRONMENT: 'production',
  AUTH: 'off',
  HOST: '127.0.0.1',
  PORT: String(port),
  REQUEST_TIMEOUT_MS: '60000',
  DYNAMODB_ENDPOINT: `http://127.0.0.1:${dynamodbPort}`,
  STATSD_HOST: '127.0.0.1',
  STATSD_PORT: String(statsdPort),
})
const url = `http://127.0.0.1:${port}`
await waitFor(`${url}/health/live`)

/** Microseconds of CPU for each entity, in requests of so many. */
async function measure(size: number, workload: Workload): Promise<number> {
  const requests = Math.ceil(entities / size)
  const before = cpuTimeUs(pid)
  await load(url, workload, requests, connections)
  return (cpuTimeUs(pid) - before) / (requests * size)
}

/** Compares sizes, the costs of each with those of `baseSize` in the same round. */
async function compare(
  name: string,
  sizes: readonly number[],
  baseSize: number,
  workloadOf: (size: number) => Workload,
): Promise<void> {
  const contestants = sizes.map((size) => ({ size, workload: workloadOf(size), costs: [] as number[] }))
  for (const { size, workload } of contestants) await measure(size, workload)
  for (let round = 0; round < rounds; round += 1) {
    process.stderr.write(`\r${name}: round ${round + 1} of ${rounds} `)
    const inTurn = round % 2 === 0 ? contestants : contestants.toReversed()
    for (const { size, workload, costs } of inTurn) costs.push(await measure(size, workload))
  }
  process.stderr.write(`\r${' '.repeat(50)}\r`)
  const base = contestants.find(({ size }) => size === baseSize)?.costs ?? []
  for (const { size, costs } of contestants) {
    const ratios = costs.map((us, round) => us / (base[round] ?? Number.NaN))
    const ratio = `${median(ratios).toFixed(2)} of that at ${baseSize} (${quartiles(ratios, 2).join(' to ')})`
    console.log(
      `${name.padEnd(8)} ${String(size).padStart(5)} entities  ${median(costs).toFixed(1).padStart(7)} us each, ${ratio}`,
    )
  }
}

console.log(`store ${values.store}, ${connections} connections, ${rounds} rounds of ${entities} entities for each size`)
await compare('read', [10, 100, 1000], 100, readOf)
await compare('write', [5, 50, 500], 50, writeOf)
process.exit()
