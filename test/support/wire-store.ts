import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

/** One request, as it was on the wire. */
export type WireRequest = {
  method: string
  path: string
  headers: Readonly<Record<string, string>>
  text: string
  /** Counts requests from 1. */
  number: number
  /** Counts connections from 1: the one on which it came. */
  connection: number
}

/** `reset`: the connection breaks off; `break off`: in the middle of a reply; `close`: after a whole one. */
export type WireReply = { status: number; text: string; headers?: Record<string, string> } | 'reset' | 'break off' | 'close'

export type WireStore = Awaited<ReturnType<typeof startWireStore>>

const NOTHING_FOUND = '{}'

/** A store that finds nothing: every GetItem's answer, and every UpdateItem's success. */
export const findNothing = (): WireReply => ({ status: 200, text: NOTHING_FOUND })

/** A stand-in for DynamoDB that keeps what was on the wire, headers and connections included. It ends with the test. */
export async function startWireStore(answer: (request: WireRequest) => WireReply | Promise<WireReply> = findNothing) {
  const requests: WireRequest[] = []
  const connections = new Map<Socket, number>()
  const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
    const seen = await readRequest(request, requests.length + 1, connections.get(request.socket) ?? 0)
    requests.push({ ...seen, number: requests.length + 1 })
    const reply = await answer({ ...seen, number: requests.length })
    if (reply === 'reset') return void request.socket.resetAndDestroy()
    if (reply === 'break off') {
      response.writeHead(200, { 'content-length': 100 })
      return void response.write('{', () => request.socket.resetAndDestroy())
    }
    const { status, text: body, headers } = reply === 'close' ? { status: 200, text: NOTHING_FOUND, headers: {} } : reply
    if (reply === 'close') response.once('finish', () => request.socket.end())
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', ...headers }).end(body)
  })
  let peak = 0
  server.on('connection', (socket) => {
    connections.set(socket, connections.size + 1)
    peak = Math.max(peak, [...connections.keys()].filter(({ closed }) => !closed).length)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => closeNow(server))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: (): readonly WireRequest[] => requests,
    /** How many connections there were in all. */
    connections: (): number => connections.size,
    /** How many were open at once, at most. */
    peakConnections: (): number => peak,
    /** Closes connections that nothing is under way on, as a store does after a while. */
    async closeIdle(): Promise<void> {
      const open = [...connections.keys()].filter(({ closed }) => !closed)
      server.closeIdleConnections()
      await Promise.all(open.map((socket) => (socket.closed ? undefined : once(socket, 'close'))))
    },
  }
}

async function readRequest(request: IncomingMessage, number: number, connection: number): Promise<WireRequest> {
  const { method = '', url: path = '', headers } = request
  return { method, path, headers: headers as Record<string, string>, text: await text(request), number, connection }
}

function closeNow(server: Server): void {
  server.close()
  server.closeAllConnections()
}
