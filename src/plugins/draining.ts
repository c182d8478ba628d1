import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import type { Connections } from './connections.ts'

const CHECK_INTERVAL_MS = 50
const ARRIVAL_GRACE_MS = 2000
const IDLE_GRACE_MS = 1000

async function draining(app: FastifyInstance, { open }: { open: Connections }): Promise<void> {
  const { server } = app
  const lastAwaitedMs = new WeakMap<Socket, number>()
  let isClosing = false

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
      for (const [socket, replies] of open) {
        if (replies.values().some(({ req, closed }) => !closed && (req.complete || !isArrivalOver)))
          lastAwaitedMs.set(socket, nowMs)
        if (nowMs - (lastAwaitedMs.get(socket) ?? startedMs) > IDLE_GRACE_MS) socket.destroy()
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
