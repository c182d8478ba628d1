import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'

const CHECK_INTERVAL_MS = 50
const ARRIVAL_GRACE_MS = 2000
const IDLE_GRACE_MS = 1000

async function draining(app: FastifyInstance): Promise<void> {
  const { server } = app
  const inFlight = new Map<ServerResponse, IncomingMessage>()
  const lastAwaitedMs = new Map<Socket, number>()
  let isClosing = false

  server.on('connection', (socket: Socket) => {
    lastAwaitedMs.set(socket, 0)
    socket.once('close', () => lastAwaitedMs.delete(socket))
  })
  server.on('request', (request, response) => {
    inFlight.set(response, request)
    response.once('close', () => inFlight.delete(response))
  })

  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close')
  })

  app.addHook('preClose', async () => {
    isClosing = true
    const startedMs = performance.now()
    // Node closes what is idle when it stops listening, and with it requests that are on their way there.
    server.closeIdleConnections = () => {}
    const check = setInterval(() => {
      const nowMs = performance.now()
      const isArrivalOver = nowMs - startedMs > ARRIVAL_GRACE_MS
      for (const { socket, complete } of inFlight.values()) if (complete || !isArrivalOver) lastAwaitedMs.set(socket, nowMs)
      for (const [socket, awaitedMs] of lastAwaitedMs) {
        if (nowMs - Math.max(awaitedMs, startedMs) > IDLE_GRACE_MS) socket.destroy()
      }
    }, CHECK_INTERVAL_MS)
    server.once('close', () => clearInterval(check))
  })
}

/**
 * While the app closes, every request in flight gets its reply; one whose body is still on its way has 2 s to arrive. A
 * connection between two requests is answered once more, with `connection: close`, and is closed when none comes within a
 * second: a client that is busy has its next request under way already.
 */
export const drainingPlugin = fastifyPlugin(draining, { name: 'draining' })
