import { EventEmitter, once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** What came back (as latin1), and whether the server broke the connection off, by which bytes of it may be lost. */
export type Exchange = { received: string; wasReset: boolean }

/**
 * What a client does after its last byte: waits until the server closes, or until its patience is over, and then ends its
 * side; ends its side at once; goes away; breaks off.
 */
export type Ending = 'wait' | 'end' | 'hang up' | 'reset'

/** Returns when nothing more is to be waited for; `arrived` returns as soon as a text has come. */
export type Patience = (arrived: (text: string) => Promise<void>) => Promise<unknown>

const CLOSED_WITHIN_MS = 20_000

/**
 * Sends bytes (as latin1) to a port of this machine on a connection of their own.
 * @throws Error when nobody listens, or when the connection is still open long after the client has ended its side.
 */
export async function exchangeBytes(port: number, bytes: string, ending: Ending, patience: Patience): Promise<Exchange> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
  await once(socket, 'connect')
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const changes = new EventEmitter()
  let received = ''
  let wasReset = false
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    received += chunk
    changes.emit('change')
  })
  socket.on('end', () => socket.end())
  socket.on('error', () => {
    wasReset = true
  })
  async function arrived(text: string): Promise<void> {
    while (!received.includes(text)) await once(changes, 'change')
  }
  const sent = new Promise<void>((resolve) => socket.write(bytes, 'latin1', () => resolve()))
  await Promise.race([sent, closed])
  if (ending === 'wait') await Promise.race([closed, patience(arrived)])
  leave(socket, ending)
  await closedInTime(socket, closed)
  return { received, wasReset }
}

function leave(socket: Socket, ending: Ending): void {
  if (ending === 'hang up') socket.destroy()
  else if (ending === 'reset') socket.resetAndDestroy()
  else socket.end()
}

async function closedInTime(socket: Socket, closed: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => resolve('late'), CLOSED_WITHIN_MS)
  const outcome = await Promise.race([closed, late])
  clearTimeout(timer)
  if (outcome !== 'late') return
  socket.destroy()
  throw new Error(`the service holds a connection open whose client ended ${CLOSED_WITHIN_MS} ms ago`)
}
