import { once } from 'node:events'

/** Asks a process, over the inspector that it listens with on a port, how much its heap holds. */
export async function openHeap(inspectorPort: number) {
  const [target] = (await (await fetch(`http://127.0.0.1:${inspectorPort}/json`)).json()) as [{ webSocketDebuggerUrl: string }]
  const socket = new WebSocket(target.webSocketDebuggerUrl)
  await once(socket, 'open')
  const closed = new AbortController()
  socket.addEventListener('close', () => closed.abort(new Error('the process has closed its inspector')))
  let calls = 0

  async function call(method: string): Promise<Record<string, unknown>> {
    calls += 1
    const replied = once(socket, 'message', { signal: closed.signal })
    socket.send(JSON.stringify({ id: calls, method }))
    const [{ data }] = (await replied) as [{ data: string }]
    const { result, error } = JSON.parse(data) as { result?: Record<string, unknown>; error?: { message: string } }
    if (result === undefined) throw new Error(`${method}: ${error?.message}`)
    return result
  }
  return {
    /** Bytes that are still in use when all that nobody can reach is collected. */
    async usedBytes(): Promise<number> {
      await call('HeapProfiler.collectGarbage')
      return Number((await call('Runtime.getHeapUsage')).usedSize)
    },
  }
}
