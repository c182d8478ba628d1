import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import type { Connections } from './connections.ts'

const CHECK_INTERVAL_MS = 1000
const MAX_TAKING_CHECKS = 30
const MAX_LINGERING_CHECKS = 5

async function slowClients(app: FastifyInstance, { open }: { open: Connections }): Promise<void> {
  const checksOf = new WeakMap<ServerResponse, number>()

  function checkReply(socket: Socket, reply: ServerResponse): void {
    const limit = limitOf(reply)
    if (limit === undefined) return
    const checks = (checksOf.get(reply) ?? 0) + 1
    checksOf.set(reply, checks)
    if (checks > limit) socket.destroy()
  }

  const check = setInterval(() => {
    for (const [socket, replies] of open) for (const reply of replies) checkReply(socket, reply)
  }, CHECK_INTERVAL_MS).unref()
  app.addHook('onClose', async () => clearInterval(check))
}

/** How many checks a reply that has ended may still take; undefined where nothing is awaited of the client. */
function limitOf({ writableEnded, closed, socket, req }: ServerResponse): number | undefined {
  if (closed) return req.complete ? undefined : MAX_LINGERING_CHECKS
  // Without a socket it waits for the reply before it on its connection.
  return writableEnded && socket ? MAX_TAKING_CHECKS : undefined
}

/**
 * Closes the connection of a client that has not taken its whole reply within 30 s: what it has not taken is in our memory,
 * and its request holds a place until then. And of one that has its reply and goes on sending the body that was refused: it
 * has 5 s to read the reply, which closing at once would take from it (RFC 9112, section 9.6).
 */
export const slowClientsPlugin = fastifyPlugin(slowClients, { name: 'slow-clients' })
