import { setTimeout as delay } from 'node:timers/promises'
import { type BareConnection, openBareConnection } from './bare-connection.ts'
import type { LoadJob, LoadResult } from './load-generator.ts'
import { quantile } from './statistics.ts'

// The load of one job at a time, asked for by messages: a process of its own, so that its CPU time can be told from others'.
const TAIL_LIMIT_MS = 10_000
const MS_PER_SECOND = 1000

const connections: BareConnection[] = []

async function connectAll(port: number, count: number): Promise<BareConnection[]> {
  const whole = connections.splice(0).filter((connection) => !connection.isBroken())
  while (whole.length < count) whole.push(await openBareConnection(port))
  for (const spare of whole.splice(count)) spare.close()
  connections.push(...whole)
  return whole
}

function createTally() {
  const startedMs = performance.now()
  const statuses: Record<number, number> = {}
  const acceptedMs: number[] = []
  return {
    add(status: number, sinceMs: number): void {
      statuses[status] = (statuses[status] ?? 0) + 1
      if (status === 200) acceptedMs.push(performance.now() - sinceMs)
    },
    result(unsent: number): LoadResult {
      const [p50Ms = 0, p99Ms = 0, maxMs = 0] = [0.5, 0.99, 1].map((share) => quantile(acceptedMs, share))
      return { statuses, unsent, p50Ms, p99Ms, maxMs, tookMs: performance.now() - startedMs }
    },
  }
}

/** Each connection sends its next request as soon as it has its answer. */
async function runClosed({ port, requests, connections: count, durationMs }: LoadJob): Promise<LoadResult> {
  const all = await connectAll(port, count)
  const tally = createTally()
  const endsAtMs = performance.now() + durationMs
  await Promise.all(
    all.map(async (connection, index) => {
      for (let turn = index; performance.now() < endsAtMs && !connection.isBroken(); turn += 1) {
        const sinceMs = performance.now()
        const status = await new Promise<number>((resolve) => connection.ask(requestAt(requests, turn), resolve))
        tally.add(status, sinceMs)
      }
    }),
  )
  return tally.result(0)
}

/** Requests come at their rate, whatever becomes of those before; their time counts from when they were due. */
async function runOpen({ port, requests, connections: count, durationMs, ratePerSecond }: LoadJob): Promise<LoadResult> {
  const idle = [...(await connectAll(port, count))]
  const tally = createTally()
  const startedMs = performance.now()
  let due = 0
  let unsent = 0
  let underWay = 0

  function send(dueMs: number): void {
    const connection = idle.pop()
    if (!connection) {
      unsent += 1
      return
    }
    underWay += 1
    connection.ask(requestAt(requests, due), (status) => {
      underWay -= 1
      tally.add(status, dueMs)
      if (!connection.isBroken()) idle.push(connection)
    })
  }
  for (let nowMs = startedMs; nowMs < startedMs + durationMs; nowMs = performance.now()) {
    for (const target = ((nowMs - startedMs) * ratePerSecond) / MS_PER_SECOND; due < target; due += 1) {
      send(startedMs + (due * MS_PER_SECOND) / ratePerSecond)
    }
    await delay(1)
  }
  const result = tally.result(unsent)
  const tailEndsMs = performance.now() + TAIL_LIMIT_MS
  while (underWay > 0 && performance.now() < tailEndsMs) await delay(1)
  return { ...tally.result(unsent), tookMs: result.tookMs }
}

function requestAt(requests: readonly string[], turn: number): string {
  return requests[turn % requests.length] ?? ''
}

process.on('message', async (job: LoadJob) => {
  process.send?.(await (job.ratePerSecond > 0 ? runOpen(job) : runClosed(job)))
})
