import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { freePort } from './support/child.ts'
import { startService } from './support/contestants.ts'
import { openHeap } from './support/heap.ts'
import { startLoadGenerator, wireRequest } from './support/load-generator.ts'
import { measure } from './support/measure.ts'
import { createProgress } from './support/progress.ts'
import { textTable } from './support/text-table.ts'
import { WORKLOADS } from './support/workloads.ts'

/**
 * Whether memory stays where it is: all workloads in turn at full load for `--parts` times `--seconds`, on `--connections`; after
 * each part, what the heap holds once it is collected, and what the process has of the machine's memory.
 */
const { values } = parseArgs({
  options: {
    parts: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '20' },
    connections: { type: 'string', default: '32' },
  },
})
const BYTES_PER_MB = 1_000_000
const KB = 1024
const MS_PER_SECOND = 1000

/** The workloads' requests in turn, so that all kinds are under way together. */
function requestsInTurn() {
  const exchanges = Array.from({ length: Math.max(...WORKLOADS.map((each) => each.exchanges.length)) }, (_, index) =>
    WORKLOADS.flatMap((workload) => workload.exchanges[index % workload.exchanges.length] ?? []),
  ).flat()
  const requests = exchanges.map(({ method, path, body }) => wireRequest(method, path, body))
  return { requests, marks: exchanges.map(({ mark }) => mark) }
}

function residentBytes(pid: number): number {
  const [, kb] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kb) * KB
}

const inspectorPort = await freePort()
const { ours } = await startService(0, { NODE_OPTIONS: `--inspect=127.0.0.1:${inspectorPort} --inspect-publish-uid=http` })
const heap = await openHeap(inspectorPort)
const generator = startLoadGenerator()
const parts = Number(values.parts)
const durationMs = Number(values.seconds) * MS_PER_SECOND
const load = { port: ours.port, ...requestsInTurn(), connections: Number(values.connections), durationMs, ratePerSecond: 0 }
const progress = createProgress(parts)
const rows = [['after', 'heap, MB', 'of the first', 'resident, MB', 'requests/s', 'p99 ms']]
let firstBytes = 0
for (let part = 1; part <= parts; part += 1) {
  progress.step('soak')
  const { errors, firstError, perSecond, p99Ms } = await measure(generator, ours, load)
  if (errors > 0) throw new Error(`${errors} replies were wrong, the first of them ${firstError}`)
  const usedBytes = await heap.usedBytes()
  if (part === 1) firstBytes = usedBytes
  rows.push([
    `${part * Number(values.seconds)} s`,
    (usedBytes / BYTES_PER_MB).toFixed(2),
    `${((100 * usedBytes) / firstBytes).toFixed(1)} %`,
    (residentBytes(ours.pid) / BYTES_PER_MB).toFixed(0),
    perSecond.toFixed(0),
    p99Ms.toFixed(0),
  ])
}
progress.end()
console.log(textTable(rows))
process.exit()
