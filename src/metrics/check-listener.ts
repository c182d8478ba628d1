import { createSocket } from 'node:dgram'
import { socketTypeFor } from './statsd.ts'

const PROBES = 3
const PROBE_INTERVAL_MS = 200

export type ListenerCheck = {
  host: string
  port: number
  /** Told once when the host refuses what is sent to the port; of any other failure, sending itself tells. */
  onRefused: (error: Error) => void
}

/**
 * Looks, once and in the background, whether anybody listens on a StatsD host. The metrics' own sockets are not connected, so
 * that their host may move, and only connected ones are told of refusals. The probes are empty, which StatsD servers skip.
 */
export function checkListener({ host, port, onRefused }: ListenerCheck): void {
  // With Node's own lookup of the host's name: this once, the answer may be waited for.
  const socket = createSocket(socketTypeFor(host))
  let probes = 0
  let hasEnded = false
  let timer: NodeJS.Timeout | undefined

  function end(error?: NodeJS.ErrnoException): void {
    if (hasEnded) return
    hasEnded = true
    clearInterval(timer)
    socket.close()
    if (error?.code === 'ECONNREFUSED') onRefused(error)
  }

  function probe(): void {
    probes += 1
    if (probes > PROBES) end()
    else socket.send('', (error) => error && end(error))
  }

  socket.unref()
  // A refusal comes with the next probe, or by itself.
  socket.on('error', end)
  socket.once('connect', () => {
    timer = setInterval(probe, PROBE_INTERVAL_MS).unref()
  })
  socket.connect(port, host)
}
