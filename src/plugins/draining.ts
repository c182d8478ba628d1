import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'

const CHECK_INTERVAL_MS = 50
const ARRIVAL_GRACE_MS = 2000

async function draining(app: FastifyInstance): Promise<void> {
  const inFlight = new Map<ServerResponse, IncomingMessage>()
  let isClosing = false

  app.server.on('request', (request, response) => {
    inFlight.set(response, request)
    response.once('close', () => inFlight.delete(response))
  })

  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close')
  })

  app.addHook('preClose', async () => {
    isClosing = true
    const arrivalEndsAt = performance.now() + ARRIVAL_GRACE_MS
    const check = setInterval(() => {
      const isArrivalOver = performance.now() > arrivalEndsAt
      const isAwaited = [...inFlight.values()].some((request) => request.complete || !isArrivalOver)
      if (!isAwaited) app.server.closeAllConnections()
    }, CHECK_INTERVAL_MS)
    app.server.once('close', () => clearInterval(check))
  })
}

/**
 * While the app closes, every request in flight gets its reply; one whose body is still on its way has 2 s to arrive.
 * Connections that carry none are closed: Node's own close waits for those that are silent, or turn idle only later,
 * until their client lets go.
 */
export const drainingPlugin = fastifyPlugin(draining, { name: 'draining' })
