import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { App } from '../../src/app.ts'

export type RawReply = Awaited<ReturnType<Awaited<ReturnType<typeof listenRaw>>>>

/**
 * Lets the app listen on a port that the system picks, and returns how to send it bytes that no HTTP client would.
 * `cutOff` ends the sending side after the bytes. A request that the app understands must ask for `connection: close`:
 * the replies are what came before the server closed the connection.
 */
export async function listenRaw(app: App) {
  await app.listen({ host: '127.0.0.1', port: 0 })
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new Error('the app does not listen')
  const { port } = address

  return async function sendRaw(bytes: string, { cutOff = false } = {}) {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
    await once(socket, 'connect')
    if (cutOff) socket.end(bytes)
    else socket.write(bytes)
    const received = await text(socket)
    socket.destroy()
    return parseReplies(received)
  }
}

/** The first of the replies, and how many there are. */
function parseReplies(received: string) {
  const [head = '', body = ''] = received.split('\r\n\r\n', 2)
  const [statusLine = '', ...lines] = head.split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1])
  const json: unknown = headers['content-type']?.includes('json')
    ? JSON.parse(body.slice(0, Number(headers['content-length'])))
    : undefined
  return { status, headers, json, statuses: [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, code]) => Number(code)) }
}
