import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'

/**
 * The open connections, each with the replies that are under way on it, in the order of their requests. Ended ones stay
 * until the next request: the body of the one that was answered may still be arriving.
 */
export type Connections = Map<Socket, Set<ServerResponse<IncomingMessage>>>

async function connections(app: FastifyInstance, { open }: { open: Connections }): Promise<void> {
  app.server.on('connection', (socket: Socket) => {
    open.set(socket, new Set())
    socket.once('close', () => open.delete(socket))
  })
  app.server.on('request', (request, response) => {
    const replies = open.get(request.socket)
    for (const reply of replies ?? []) if (reply.closed) replies?.delete(reply)
    replies?.add(response)
  })
}

/** Keeps account of what is open. */
export const connectionsPlugin = fastifyPlugin(connections, { name: 'connections' })
