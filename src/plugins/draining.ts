import type { Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import type { Connections } from './connections.ts'

const CHECK_INTERVAL_MS = 50
// In checks, not in time: while the process gets no time, nothing can arrive.
const ARRIVAL_GRACE_CHECKS = 40
const IDLE_GRACE_CHECKS = 20
const MAX_ACCEPT_MS = 500
// The first ends within the turn that the signal came in.
const QUIET_TURNS = 3

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Takes the connections that the system has made already and Node, which takes them one a turn, has not: they would be
     * reset with their requests. Await it right before close, not within: replies of an app that closes tell clients to close,
     * and those connect anew.
     */
    acceptWaiting: () => Promise<void>
  }
}

async function draining(app: FastifyInstance, { open }: { open: Connections }): Promise<void> {
  const { server } = app
  const idleChecks = new WeakMap<Socket, number>()
  let isClosing = false

  app.decorate('acceptWaiting', async () => {
    const endsAtMs = performance.now() + MAX_ACCEPT_MS
    for (let quietTurns = 0; quietTurns < QUIET_TURNS && performance.now() < endsAtMs; quietTurns += 1) {
      const before = open.size
      await nextTurn()
      if (open.size > before) quietTurns = 0
    }
  })

  /** Closes the connections on which nothing has been awaited for long enough. */
  function closeIdle(isArrivalOver: boolean): void {
    for (const [socket, replies] of open) {
      const isAwaited = replies.values().some(({ req, closed }) => !closed && (req.complete || !isArrivalOver))
      const idle = isAwaited ? 0 : (idleChecks.get(socket) ?? 0) + 1
      idleChecks.set(socket, idle)
      if (idle > IDLE_GRACE_CHECKS) socket.destroy()
    }
  }

  app.addHook('onSend', (_request, reply, payload, done) => {
    if (isClosing) reply.header('connection', 'close')
    done(null, payload)
  })

  app.addHook('preClose', async () => {
    isClosing = true
    // Node closes what is idle when it stops listening, and with it requests that are on their way there.
    server.closeIdleConnections = () => {}
    let checks = 0
    const check = setInterval(() => {
      checks += 1
      closeIdle(checks > ARRIVAL_GRACE_CHECKS)
    }, CHECK_INTERVAL_MS).unref()
    server.once('close', () => clearInterval(check))
  })
}

/**
 * While the app closes, every request in flight gets its reply; one whose body is still on its way has 2 s to arrive. A
 * connection between two requests is answered once more, with `connection: close`, and is closed when none comes within a
 * second: a client that is busy has its next request under way already.
 */
export const drainingPlugin = fastifyPlugin(draining, { name: 'draining' })
