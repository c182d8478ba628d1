import { parseArgs } from 'node:util'
import { freePort, startChild, waitFor } from './support/child.ts'
import { cpuTimeUs } from './support/cpu-time.ts'
import { type LoadJob, type LoadResult, startLoadGenerator, wireRequest } from './support/load-generator.ts'
import { median } from './support/statistics.ts'

/**
 * What becomes of goodput when twice as much is asked as the service can answer: the best goodput of some concurrencies, each
 * connection waiting for its answer, and then `--factor` times that rate for `--seconds`, whatever becomes of the answers; in
 * alternated rounds. DynamoDB is a stand-in that takes `--latency` ms for each call. `--write-share` of the requests are
 * writes, `--max-in-flight` and `--rounds` as they say.
 */
const { values } = parseArgs({
  options: {
    latency: { type: 'string', default: '5' },
    factor: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '5' },
    'write-share': { type: 'string', default: '0.2' },
    'max-in-flight': { type: 'string', default: '128' },
  },
})
const CONCURRENCIES = [16, 32, 64, 128]
const BEST_MS = 3000
const WARM_UP_MS = 5000
const OPEN_CONNECTIONS = 2000
const US_PER_MS = 1000
const MS_PER_SECOND = 1000

const USERS = 1000
const BODY = JSON.stringify({ trans_features: { avg_credit_30d: 150.5, num_transactions: 25, segment: null } })
const writes = Math.round(Number(values['write-share']) * 10)
// Of many users: the writes of one category wait for each other.
const requests = Array.from({ length: USERS }, (_, user) =>
  user % 10 < writes
    ? wireRequest('POST', `/api/v1/items/user${user}`, BODY)
    : wireRequest('GET', `/api/v1/get/item/user${user}/trans_features`),
)

const [port, dynamodbPort] = [await freePort(), await freePort()]
const dynamodb = startChild('bench/support/slow-dynamodb-stand-in.ts', {
  PORT: String(dynamodbPort),
  LATENCY_MS: values.latency,
})
await waitFor(`http://127.0.0.1:${dynamodbPort}`)
const service = startChild('src/server.ts', {
  ENVIRONMENT: 'production',
  AUTH: 'off',
  HOST: '127.0.0.1',
  PORT: String(port),
  DYNAMODB_ENDPOINT: `http://127.0.0.1:${dynamodbPort}`,
  STATSD_HOST: 'off',
  MAX_IN_FLIGHT: values['max-in-flight'],
})
await waitFor(`http://127.0.0.1:${port}/health/live`)
const generator = startLoadGenerator()

type Measured = LoadResult & { goodput: number; cores: number[] }

/** One job, with what it took of a core: the service, the generator, the stand-in. */
async function measure(job: Pick<LoadJob, 'connections' | 'durationMs' | 'ratePerSecond'>): Promise<Measured> {
  const pids = [service.pid, generator.pid, dynamodb.pid]
  const before = pids.map(cpuTimeUs)
  const result = await generator.run({ port, requests, ...job })
  const cores = pids.map((pid, index) => (cpuTimeUs(pid) - (before[index] ?? 0)) / US_PER_MS / result.tookMs)
  return { ...result, cores, goodput: ((result.statuses[200] ?? 0) * MS_PER_SECOND) / result.tookMs }
}

/** The most that any of the concurrencies brings. */
async function measureBest(): Promise<Measured> {
  let best: Measured | undefined
  for (const connections of CONCURRENCIES) {
    const measured = await measure({ connections, durationMs: BEST_MS, ratePerSecond: 0 })
    if (!best || measured.goodput > best.goodput) best = measured
  }
  if (!best) throw new Error('no concurrency to measure')
  return best
}

function line(name: string, { goodput, p50Ms, p99Ms, maxMs, cores, statuses, unsent }: Measured, best: number): string {
  const all = Object.values(statuses).reduce((sum, count) => sum + count, 0)
  const others = Object.entries(statuses).filter(([status]) => !['200', '503'].includes(status))
  const refused = `${((100 * (statuses[503] ?? 0)) / all).toFixed(1)} %`
  const cells = [goodput.toFixed(0), `${((100 * goodput) / best).toFixed(0)} %`, p50Ms.toFixed(0), p99Ms.toFixed(0)]
  const rest = [maxMs.toFixed(0), refused, others.map(([status, count]) => `${status}: ${count}`).join(' ') || 'none', unsent]
  const cpu = cores.map((share) => share.toFixed(2)).join(' ')
  return [name.padEnd(16), ...[...cells, ...rest].map((cell) => String(cell).padStart(9)), `   ${cpu}`].join('')
}

await measure({ connections: 64, durationMs: WARM_UP_MS, ratePerSecond: 0 })
console.log(`DynamoDB takes ${values.latency} ms, ${writes * 10} % writes, MAX_IN_FLIGHT ${values['max-in-flight']}`)
console.log(
  '                goodput/s  of best   p50 ms   p99 ms   max ms      503   others   unsent   cores: service, load, store',
)
const ratios: number[] = []
const [bests, goodputs, p99s]: number[][] = [[], [], []]
for (let round = 1; round <= Number(values.rounds); round += 1) {
  const best = await measureBest()
  const ratePerSecond = best.goodput * Number(values.factor)
  const durationMs = Number(values.seconds) * MS_PER_SECOND
  const overload = await measure({ connections: OPEN_CONNECTIONS, durationMs, ratePerSecond })
  console.log(line(`round ${round}: best`, best, best.goodput))
  console.log(line(`  ${values.factor} x that`, overload, best.goodput))
  ratios.push(overload.goodput / best.goodput)
  bests?.push(best.goodput)
  goodputs?.push(overload.goodput)
  p99s?.push(overload.p99Ms)
}
console.log(
  `medians: best ${median(bests ?? []).toFixed(0)}/s, under ${values.factor} x ${median(goodputs ?? []).toFixed(0)}/s ` +
    `(${(100 * median(ratios)).toFixed(0)} % of the best), p99 of the accepted ${median(p99s ?? []).toFixed(0)} ms`,
)
console.log('Service, load and store share the cores of this machine: where their sum is all of them, the machine is the limit.')
process.exit()
