import { EventEmitter, once } from 'node:events'
import { connect } from 'node:net'
import { onTestFinished } from 'vitest'

export type RawClient = Awaited<ReturnType<typeof openConnection>>

/** A connection to a port of this machine, in the test's own hands; it does not outlive the test. */
export async function openConnection(port: number) {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
  const changes = new EventEmitter()
  let received = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    received += chunk
    changes.emit('change')
  })
  socket.on('end', () => changes.emit('change'))
  // A server that closes first is part of many a test.
  socket.on('error', () => changes.emit('change'))
  await once(socket, 'connect')
  onTestFinished(() => {
    socket.destroy()
  })

  return {
    send: (bytes: string) => socket.write(bytes, 'latin1'),
    /** Ends this side, and goes on reading. */
    endSending: () => {
      socket.end()
    },
    /** What has come so far, as soon as the pattern is in it. */
    async received(pattern: RegExp): Promise<string> {
      while (!pattern.test(received)) {
        if (socket.readableEnded || socket.destroyed) throw new Error(`no ${pattern} in: ${received}`)
        await once(changes, 'change')
      }
      return received
    },
    /** All that came, as soon as the server has closed its side. */
    async all(): Promise<string> {
      while (!socket.readableEnded && !socket.destroyed) await once(changes, 'change')
      return received
    },
    /** Takes no more bytes, so that a large reply stays in its sender's hands. */
    stopReading: () => {
      socket.pause()
    },
    /** Closes the connection as a client does that goes away. */
    hangUp: () => {
      socket.destroy()
    },
    /** Breaks the connection off as a client's machine does that knows nothing of it any more. */
    reset: () => {
      socket.resetAndDestroy()
    },
  }
}

/** A request as it stands on the wire. */
export function requestText(method: string, target: string, headers: Record<string, string> = {}, body = ''): string {
  const length = body === '' ? {} : { 'content-type': 'application/json', 'content-length': String(body.length) }
  const fields = Object.entries({ host: 'test', ...length, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${target} HTTP/1.1\r\n${fields.join('')}\r\n${body}`
}
