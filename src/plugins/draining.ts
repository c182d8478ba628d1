import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'

const CHECK_INTERVAL_MS = 50

async function draining(app: FastifyInstance): Promise<void> {
  let inFlight = 0
  let isClosing = false

  app.server.on('request', (_request, response) => {
    inFlight += 1
    response.once('close', () => {
      inFlight -= 1
    })
  })

  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close')
  })

  app.addHook('preClose', async () => {
    isClosing = true
    const check = setInterval(() => {
      if (inFlight === 0) app.server.closeAllConnections()
    }, CHECK_INTERVAL_MS)
    app.server.once('close', () => clearInterval(check))
  })
}

/**
 * While the app closes, every request in flight gets its reply, and connections that carry none are closed. Node's own
 * close waits for connections that are silent, or turn idle only later, until their client lets go.
 */
export const drainingPlugin = fastifyPlugin(draining, { name: 'draining' })
