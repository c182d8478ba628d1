import { parseArgs } from 'node:util'
import { freePort, startChild, waitFor } from './support/child.ts'
import { cpuTimeUs } from './support/cpu-time.ts'
import { load, type Workload } from './support/load.ts'
import { median, quartiles } from './support/statistics.ts'

/**
 * What metrics and the log line cost a request: the CPU time of the service's process with both, less that with neither,
 * in alternated rounds, beside a bare Fastify route. `--store in-process` (default) puts a function in the SDK's place;
 * `stand-in` is the whole service and a DynamoDB stand-in, whose larger cost is noisier. `--format telegraf`, `--rounds`,
 * `--requests`, `--connections`.
 */
const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'in-process' },
    format: { type: 'string', default: 'dogstatsd' },
    rounds: { type: 'string', default: '60' },
    requests: { type: 'string', default: '1000' },
    connections: { type: 'string', default: '32' },
  },
})
const rounds = Number(values.rounds)
const requests = Number(values.requests)
const connections = Number(values.connections)
const WARM_UP_REQUESTS = 15_000

const READ: Workload = { method: 'GET', path: '/api/v1/get/item/user123/trans_features' }
const MAPPING = JSON.stringify(Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((category) => [category, []])))
const WRITE = JSON.stringify({ trans_features: { avg_credit_30d: 150.5, num_transactions: 25, segment: null } })
const WORKLOADS: Record<string, Workload> = {
  'single read': READ,
  '5-category read': { method: 'POST', path: '/api/v1/get/item/user123', body: MAPPING },
  write: { method: 'POST', path: '/api/v1/items/user123', body: WRITE },
}

type Contestant = { pid: number; url: string }

async function startContestant(script: string, env: Record<string, string>): Promise<Contestant> {
  const port = await freePort()
  const child = startChild(script, { ENVIRONMENT: 'production', AUTH: 'off', HOST: '127.0.0.1', PORT: String(port), ...env })
  const url = `http://127.0.0.1:${port}`
  await waitFor(`${url}/health/live`)
  return { url, ...child }
}

/** Microseconds of CPU for each request. */
async function measure({ pid, url }: Contestant, workload: Workload): Promise<number> {
  const before = cpuTimeUs(pid)
  await load(url, workload, requests, connections)
  return (cpuTimeUs(pid) - before) / requests
}

const statsdPort = String(await freePort())
const dynamodbPort = await freePort()
startChild('bench/support/udp-sink.ts', { PORT: statsdPort })
startChild('bench/support/dynamodb-stand-in.ts', { PORT: String(dynamodbPort) })
await waitFor(`http://127.0.0.1:${dynamodbPort}`)

const service = values.store === 'stand-in' ? 'src/server.ts' : 'bench/support/in-process-service.ts'
const store = { DYNAMODB_ENDPOINT: `http://127.0.0.1:${dynamodbPort}` }
const statsd = { STATSD_HOST: '127.0.0.1', STATSD_PORT: statsdPort, STATSD_FORMAT: values.format }
const bare = await startContestant('bench/support/bare-route.ts', {})
const off = await startContestant(service, { ...store, STATSD_HOST: 'off', LOG_LEVEL: 'silent' })
const on = await startContestant(service, { ...store, ...statsd, LOG_LEVEL: 'info' })

console.log(`store ${values.store}, ${values.format}, ${connections} connections, ${rounds} rounds of ${requests} requests`)
console.log('CPU per request, us        bare route    off     on   cost (quartiles), median of the rounds')
for (const [name, workload] of Object.entries(WORKLOADS)) {
  const contestants = [
    { contestant: bare, workload: READ, costs: [] as number[] },
    { contestant: off, workload, costs: [] as number[] },
    { contestant: on, workload, costs: [] as number[] },
  ]
  for (const { contestant, workload } of contestants) await load(contestant.url, workload, WARM_UP_REQUESTS, connections)
  for (let round = 0; round < rounds; round += 1) {
    process.stderr.write(`\r${name}: round ${round + 1} of ${rounds} `)
    // A B C, C B A, …: what drifts, drifts for all.
    const inTurn = round % 2 === 0 ? contestants : contestants.toReversed()
    for (const { contestant, workload, costs } of inTurn) costs.push(await measure(contestant, workload))
  }
  process.stderr.write(`\r${' '.repeat(50)}\r`)
  const [bareUs = [], offUs = [], onUs = []] = contestants.map(({ costs }) => costs)
  const differences = onUs.map((us, round) => us - (offUs[round] ?? 0))
  const cells = [bareUs, offUs, onUs, differences].map((us) => median(us).toFixed(1).padStart(7))
  console.log(`${name.padEnd(28)} ${cells.join(' ')}  (${quartiles(differences).join(' to ')})`)
}
process.exit()
