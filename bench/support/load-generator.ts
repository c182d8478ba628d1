import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export type LoadJob = {
  port: number
  /** As they stand on the wire, one after another. */
  requests: readonly string[]
  connections: number
  durationMs: number
  /** 0: each connection sends its next request when it has its answer. */
  ratePerSecond: number
}

export type LoadResult = {
  /** How often each status came; 0: no reply. */
  statuses: Record<number, number>
  /** Requests that were due when no connection was free. */
  unsent: number
  /** Of replies with status 200, from when the request was due. */
  p50Ms: number
  p99Ms: number
  maxMs: number
  tookMs: number
}

/** Starts the process that makes the load; it ends with this one. */
export function startLoadGenerator() {
  const child = fork(fileURLToPath(new URL('load-process.ts', import.meta.url)))
  process.once('exit', () => child.kill())
  return {
    pid: child.pid ?? 0,
    async run(job: LoadJob): Promise<LoadResult> {
      const done = once(child, 'message')
      child.send(job)
      const [result] = (await done) as [LoadResult]
      return result
    },
  }
}

/** A request as it stands on the wire, its body JSON. */
export function wireRequest(method: 'GET' | 'POST', path: string, body?: string): string {
  const head = `${method} ${path} HTTP/1.1\r\nhost: bench\r\n`
  if (body === undefined) return `${head}\r\n`
  return `${head}content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}
