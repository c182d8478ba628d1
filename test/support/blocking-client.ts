import { once } from 'node:events'
import { connect } from 'node:net'

const WHOLE_REPLY = /\r\ncontent-length: (\d+)\r\n.*?\r\n\r\n(.*)$/s

/**
 * Sends all of a request before it reads a byte, as clients do that block; returns the reply as soon as it is whole.
 * @throws Error when the connection breaks off before that.
 */
export async function sendThenRead(port: number, request: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port })
  try {
    await once(socket, 'connect')
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.write(request, 'latin1', () => resolve())
    })
    let received = ''
    for await (const chunk of socket.setEncoding('latin1')) {
      received += chunk
      const [, length, body = ''] = WHOLE_REPLY.exec(received) ?? []
      if (length !== undefined && body.length >= Number(length)) return received
    }
    throw new Error(`no whole reply: ${received}`)
  } finally {
    socket.destroy()
  }
}
