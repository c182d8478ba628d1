import { setTimeout as delay } from 'node:timers/promises'
import type { BareConnection } from './bare-connection.ts'
import { createConnectionPool } from './connection-pool.ts'
import type { LoadJob, LoadMessage, LoadResult } from './load-generator.ts'
import { createTally } from './load-tally.ts'

// The load of one job at a time, asked for by messages: a process of its own, so that its CPU time can be told from others'.
const TAIL_LIMIT_MS = 10_000
const MS_PER_SECOND = 1000

const pool = createConnectionPool()

/** Each connection sends the next request as soon as it has its answer. */
async function runClosed(job: LoadJob): Promise<LoadResult> {
  const { requests, marks = [], durationMs } = job
  const connections = await pool.take(job, job.connections)
  const tally = createTally(job.replyBytes)
  const endsAtMs = performance.now() + durationMs
  let turn = 0

  function askInTurn(connection: BareConnection, onEnd: () => void): void {
    const sinceMs = performance.now()
    if (sinceMs >= endsAtMs || connection.isBroken()) {
      onEnd()
      return
    }
    const mark = requestAt(marks, turn)
    connection.ask(requestAt(requests, turn), (reply) => {
      tally.add(reply, sinceMs, mark)
      askInTurn(connection, onEnd)
    })
    turn += 1
  }
  const giveUp = setTimeout(() => closeAll(connections), durationMs + TAIL_LIMIT_MS)
  await Promise.all(connections.map((connection) => new Promise<void>((resolve) => askInTurn(connection, resolve))))
  clearTimeout(giveUp)
  if (performance.now() < endsAtMs) {
    const { firstWrong } = tally.result(0, 0)
    throw new Error(
      `Only kept-alive connections are measured, and all were closed. The first wrong reply: ${firstWrong || 'none'}`,
    )
  }
  return tally.result(0, tally.tookMs())
}

/** Requests come at their rate, whatever becomes of those before; their time counts from when they were due. */
async function runOpen(job: LoadJob): Promise<LoadResult> {
  const { requests, marks = [], durationMs, ratePerSecond } = job
  const idle = [...(await pool.take(job, job.connections))]
  const tally = createTally(job.replyBytes)
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
    const mark = requestAt(marks, due)
    connection.ask(requestAt(requests, due), (reply) => {
      underWay -= 1
      tally.add(reply, dueMs, mark)
      if (!connection.isBroken()) idle.push(connection)
    })
  }
  for (let nowMs = startedMs; nowMs < startedMs + durationMs; nowMs = performance.now()) {
    for (const target = ((nowMs - startedMs) * ratePerSecond) / MS_PER_SECOND; due < target; due += 1) {
      send(startedMs + (due * MS_PER_SECOND) / ratePerSecond)
    }
    await delay(1)
  }
  const tookMs = tally.tookMs()
  const tailEndsMs = performance.now() + TAIL_LIMIT_MS
  while (underWay > 0 && performance.now() < tailEndsMs) await delay(1)
  return tally.result(unsent, tookMs)
}

function closeAll(connections: readonly BareConnection[]): void {
  for (const connection of connections) connection.close()
}

function requestAt(requests: readonly string[], turn: number): string {
  return requests[turn % requests.length] ?? ''
}

async function run(job: LoadJob): Promise<LoadMessage> {
  try {
    return { result: await (job.ratePerSecond > 0 ? runOpen(job) : runClosed(job)) }
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) }
  }
}

process.on('message', async (job: LoadJob) => {
  process.send?.(await run(job))
})
