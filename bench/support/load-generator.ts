import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Target } from './bare-connection.ts'

export type LoadJob = Target & {
  /** As they stand on the wire, one after another over all connections. */
  requests: readonly string[]
  /** A text for each of them that the beginning of its reply is to have. */
  marks?: readonly string[]
  connections: number
  durationMs: number
  /** 0: each connection sends its next request when it has its answer. */
  ratePerSecond: number
  /** How long the body of each reply is to be; any but an empty one where left out. */
  replyBytes?: number | undefined
}

export type LoadResult = {
  /** How often each status came; 0: no reply. */
  statuses: Record<number, number>
  /** Requests that were due when no connection was free. */
  unsent: number
  /** Replies of another status than 200, or of another length than expected. */
  wrong: number
  /** How the first of them began. */
  firstWrong: string
  /** Of replies with status 200, from when the request was due. */
  p50Ms: number
  p99Ms: number
  maxMs: number
  tookMs: number
}

/** What the load's process says when a job is done, or cannot be. */
export type LoadMessage = { result: LoadResult } | { fault: string }

/** Starts the process that makes the load; it ends with this one. */
export function startLoadGenerator() {
  const child = fork(fileURLToPath(new URL('load-process.ts', import.meta.url)))
  const end = () => child.kill()
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
  return {
    pid: child.pid ?? 0,
    end,
    /** @throws Error when the target cannot be reached, or closes all connections before the time is over. */
    async run(job: LoadJob): Promise<LoadResult> {
      const done = once(child, 'message')
      child.send(job)
      const [message] = (await done) as [LoadMessage]
      if ('fault' in message) throw new Error(message.fault)
      return message.result
    },
  }
}

/** A request as it stands on the wire, its body JSON. */
export function wireRequest(method: 'GET' | 'POST', path: string, body?: string): string {
  const head = `${method} ${path} HTTP/1.1\r\nhost: bench\r\n`
  if (body === undefined) return `${head}\r\n`
  return `${head}content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}
