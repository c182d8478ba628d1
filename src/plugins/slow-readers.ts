import type { ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import type { Connections } from './connections.ts'

const CHECK_INTERVAL_MS = 1000
const MAX_CHECKS = 30

async function slowReaders(app: FastifyInstance, { open }: { open: Connections }): Promise<void> {
  const checksOf = new WeakMap<ServerResponse, number>()

  function checkReply(reply: ServerResponse): void {
    // Without a socket it waits for the reply before it on its connection.
    if (!reply.writableEnded || reply.closed || !reply.socket) return
    const checks = (checksOf.get(reply) ?? 0) + 1
    checksOf.set(reply, checks)
    if (checks > MAX_CHECKS) reply.socket.destroy()
  }

  const check = setInterval(() => {
    for (const replies of open.values()) replies.forEach(checkReply)
  }, CHECK_INTERVAL_MS).unref()
  app.addHook('onClose', async () => clearInterval(check))
}

/**
 * Closes the connection of a client that has not taken its whole reply within 30 s: what it has not taken is in our memory,
 * and its request holds a place until then.
 */
export const slowReadersPlugin = fastifyPlugin(slowReaders, { name: 'slow-readers' })
