import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { type Format, type MetricLine, parseDatagram } from './metric-lines.ts'

// Room for what a test sends faster than it is read; the system gives less where it allows less.
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024
const END = 'end of what was sent so far'

type Waiter = { fits: (line: MetricLine) => boolean; resolve: (line: MetricLine) => void; reject: (error: Error) => void }

export type MetricReceiver = Awaited<ReturnType<typeof startMetricReceiver>>

/** A StatsD server of the test's own, which takes no line that is not in its format. It ends with the test. */
export async function startMetricReceiver(format: Format, address = '127.0.0.1') {
  const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES })
  const lines: MetricLine[] = []
  const datagramBytes: number[] = []
  const senders = new Set<string>()
  let waiters: Waiter[] = []
  let malformed: Error | undefined

  function settle(): void {
    const waiting = waiters
    waiters = []
    for (const waiter of waiting) {
      const line = lines.find(waiter.fits)
      if (malformed) waiter.reject(malformed)
      else if (line) waiter.resolve(line)
      else waiters.push(waiter)
    }
  }

  socket.on('message', (datagram, { address: sender }) => {
    // An empty one asks whether anybody listens.
    if (datagram.length === 0 || datagram.toString() === END) return
    datagramBytes.push(datagram.length)
    senders.add(sender)
    try {
      lines.push(...parseDatagram(datagram, format))
    } catch (error) {
      malformed ??= error instanceof Error ? error : new Error(String(error))
    }
    settle()
  })
  socket.bind(0, address)
  await once(socket, 'listening')
  const { port } = socket.address()
  let closed: Promise<unknown> | undefined
  async function close(): Promise<void> {
    closed ??= once(socket.close(), 'close')
    await closed
  }
  onTestFinished(close)

  return {
    host: address,
    port,
    /**
     * The first line that fits, as soon as it has come.
     * @throws Error when a malformed line has come.
     */
    received(fits: (line: MetricLine) => boolean): Promise<MetricLine> {
      const { promise, resolve, reject } = Promise.withResolvers<MetricLine>()
      waiters.push({ fits, resolve, reject })
      settle()
      return promise
    },
    /**
     * All lines that were sent until now: datagrams keep their order on the loopback interface, so one of its own ends them.
     * @throws Error when one of them is malformed.
     */
    async all(): Promise<readonly MetricLine[]> {
      const isEnd = new Promise<void>((resolve) => {
        socket.on('message', function onMessage(datagram) {
          if (datagram.toString() !== END) return
          socket.off('message', onMessage)
          resolve()
        })
      })
      socket.send(END, port, address)
      await isEnd
      if (malformed) throw malformed
      return lines
    },
    /** The bytes of each datagram, in the order they came. */
    datagramBytes: (): readonly number[] => datagramBytes,
    /** The addresses that datagrams came from. */
    senders: (): ReadonlySet<string> => senders,
    /** Stops listening before the test is over. */
    close,
  }
}
