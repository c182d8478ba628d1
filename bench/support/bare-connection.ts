import { once } from 'node:events'
import { connect } from 'node:net'

const STATUS_AT = 'HTTP/1.1 '.length
const HEAD_END = '\r\n\r\n'
const LENGTH = /\r\ncontent-length: (\d+)\r\n/i

export type BareConnection = Awaited<ReturnType<typeof openBareConnection>>

/** A kept-alive connection for one request after another, at as little cost as there may be: it knows replies with a length. */
export async function openBareConnection(port: number) {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await once(socket, 'connect')
  let received = ''
  let isBroken = false
  let settle: ((status: number) => void) | undefined

  function end(status: number): void {
    const told = settle
    settle = undefined
    received = ''
    told?.(status)
  }
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1')
    const headEnd = received.indexOf(HEAD_END)
    if (headEnd === -1) return
    const length = Number(LENGTH.exec(received)?.[1])
    if (received.length >= headEnd + HEAD_END.length + length) end(Number(received.slice(STATUS_AT, STATUS_AT + 3)))
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    isBroken = true
    end(0)
  })
  return {
    /** Sends a request as it stands on the wire; `onStatus` is told of the reply's status, or 0 where there will be none. */
    ask(request: string, onStatus: (status: number) => void): void {
      settle = onStatus
      if (isBroken) end(0)
      else socket.write(request, 'latin1')
    },
    isBroken: () => isBroken,
    close: () => socket.destroy(),
  }
}
