import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { measureAgainst } from './support/against.ts'
import { compareContestants } from './support/compare-contestants.ts'

/**
 * What a request costs: the service in production settings, a bare Fastify route answering the same and the plain version of
 * the same endpoints, in alternated rounds over a DynamoDB stand-in. `--rounds`, `--seconds` of each measurement,
 * `--connections 1,32,256`, `--workloads` by their names joined by commas, `--rate` of the open loop; `--quick` for a short
 * look. A whole run writes bench/results, or any run the folder that `--out` names.
 *
 * `--against URL`, with `--method`, `--body` and `--header 'name: value'`, measures any endpoint beside the bare route.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    connections: { type: 'string' },
    workloads: { type: 'string' },
    rate: { type: 'string', default: '5000' },
    quick: { type: 'boolean', default: false },
    out: { type: 'string' },
    against: { type: 'string' },
    method: { type: 'string' },
    body: { type: 'string' },
    header: { type: 'string', multiple: true, default: [] },
  },
})
const MS_PER_SECOND = 1000
const rounds = Number(values.rounds ?? (values.quick ? 3 : 7))
const durationMs = Number(values.seconds ?? (values.quick ? 1 : 2)) * MS_PER_SECOND
const connections = (values.connections ?? (values.quick ? '32' : '1,32,256')).split(',').map(Number)
for (const number of [rounds, durationMs, Number(values.rate), ...connections]) {
  if (!(number > 0)) throw new Error('--rounds, --seconds, --connections and --rate are numbers above 0')
}

try {
  if (values.against === undefined) {
    const workloads = values.workloads?.split(',').map((name) => name.trim())
    const folder = fileURLToPath(new URL('results', import.meta.url))
    await compareContestants({ rounds, durationMs, connections, workloads, rate: Number(values.rate), out: values.out, folder })
  } else {
    const { method, body, header } = values
    await measureAgainst(new URL(values.against), { rounds, durationMs, connections, method, body, headers: header })
  }
  process.exit()
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`)
  process.exit(1)
}
