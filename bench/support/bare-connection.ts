import { once } from 'node:events'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { createReplyReader, type Reply } from './reply-reader.ts'

/** Where a connection leads; to this machine, unless a host says otherwise. */
export type Target = { port: number; host?: string | undefined; isTls?: boolean | undefined }

export type BareConnection = Awaited<ReturnType<typeof openBareConnection>>

const NO_REPLY: Reply = { status: 0, bodyBytes: 0, start: 'no reply', isLast: true }

/** A kept-alive connection for one request after another, at as little cost as there may be. */
export async function openBareConnection({ port, host = '127.0.0.1', isTls = false }: Target) {
  const socket = isTls
    ? connectTls({ host, port, servername: host, ALPNProtocols: ['http/1.1'] })
    : connect({ host, port, noDelay: true })
  await once(socket, isTls ? 'secureConnect' : 'connect')
  let isBroken = false
  let settle: ((reply: Reply) => void) | undefined

  function end(reply: Reply): void {
    const told = settle
    settle = undefined
    if (reply.isLast) isBroken = true
    told?.(reply)
  }
  socket.on('data', createReplyReader(end))
  socket.on('error', () => {})
  socket.on('close', () => {
    isBroken = true
    end(NO_REPLY)
  })
  return {
    /** Sends a request as it stands on the wire; `onReply` is told of its reply, of status 0 where there will be none. */
    ask(request: string, onReply: (reply: Reply) => void): void {
      settle = onReply
      if (isBroken) end(NO_REPLY)
      else socket.write(request, 'latin1')
    },
    isBroken: () => isBroken,
    close: () => socket.destroy(),
  }
}
