import { parseArgs } from 'node:util'
import { freePort, startChild, waitFor } from './support/child.ts'
import { cpuTimeUs } from './support/cpu-time.ts'
import { load, type Workload } from './support/load.ts'

/**
 * What metrics and the log line cost a request: the CPU time of the service's process with both, less that with neither,
 * in alternated rounds. `--store in-process` (default) puts a function in the SDK's place; `stand-in` is the whole service
 * and a DynamoDB stand-in, whose larger cost is noisier. `--format telegraf`, `--rounds`, `--requests`, `--connections`.
 */
const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'in-process' },
    format: { type: 'string', default: 'dogstatsd' },
    rounds: { type: 'string', default: '15' },
    requests: { type: 'string', default: '3000' },
    connections: { type: 'string', default: '32' },
  },
})
const rounds = Number(values.rounds)
const requests = Number(values.requests)
const connections = Number(values.connections)

const MAPPING = JSON.stringify(Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((category) => [category, []])))
const WRITE = JSON.stringify({ trans_features: { avg_credit_30d: 150.5, num_transactions: 25, segment: null } })
const WORKLOADS: Record<string, Workload> = {
  'single read': { method: 'GET', path: '/api/v1/get/item/user123/trans_features' },
  '5-category read': { method: 'POST', path: '/api/v1/get/item/user123', body: MAPPING },
  write: { method: 'POST', path: '/api/v1/items/user123', body: WRITE },
}

type Contestant = { pid: number; url: string }

const statsdPort = await freePort()
const dynamodbPort = await freePort()
startChild('bench/support/udp-sink.ts', { PORT: String(statsdPort) })
startChild('bench/support/dynamodb-stand-in.ts', { PORT: String(dynamodbPort) })
await waitFor(`http://127.0.0.1:${dynamodbPort}`)

async function startContestant(env: Record<string, string>): Promise<Contestant> {
  const port = await freePort()
  const script = values.store === 'stand-in' ? 'src/server.ts' : 'bench/support/in-process-service.ts'
  const child = startChild(script, {
    ENVIRONMENT: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    DYNAMODB_ENDPOINT: `http://127.0.0.1:${dynamodbPort}`,
    ...env,
  })
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

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2
}

const on = await startContestant({
  STATSD_HOST: '127.0.0.1',
  STATSD_PORT: String(statsdPort),
  STATSD_FORMAT: values.format,
  LOG_LEVEL: 'info',
})
const off = await startContestant({ STATSD_HOST: 'off', LOG_LEVEL: 'silent' })

console.log(`store ${values.store}, ${values.format}, ${connections} connections, ${rounds} rounds of ${requests} requests\n`)
console.log('CPU per request, medians     on       off     cost (quartiles)')
for (const [name, workload] of Object.entries(WORKLOADS)) {
  for (const contestant of [on, off, on, off]) await measure(contestant, workload)
  const pairs: { on: number; off: number }[] = []
  for (let round = 0; round < rounds; round += 1) {
    process.stderr.write(`\r${name}: round ${round + 1} of ${rounds} `)
    // A B, B A, …: what drifts, drifts for both.
    const first = round % 2 === 0 ? on : off
    const firstUs = await measure(first, workload)
    const secondUs = await measure(first === on ? off : on, workload)
    pairs.push(first === on ? { on: firstUs, off: secondUs } : { on: secondUs, off: firstUs })
  }
  process.stderr.write(`\r${' '.repeat(50)}\r`)
  const costs = pairs.map((pair) => pair.on - pair.off).toSorted((a, b) => a - b)
  const quartiles = [costs[Math.floor(rounds / 4)] ?? 0, costs[Math.floor((rounds * 3) / 4)] ?? 0]
  const [onUs, offUs] = [median(pairs.map((pair) => pair.on)), median(pairs.map((pair) => pair.off))]
  const cells = [onUs, offUs, median(costs)].map((us) => `${us.toFixed(1)} us`.padStart(9))
  console.log(`${name.padEnd(24)} ${cells.join(' ')}  (${quartiles.map((us) => us.toFixed(1)).join(' to ')})`)
}
process.exit()
