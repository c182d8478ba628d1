import type { Server } from 'node:http'
import type { Socket } from 'node:net'

type Closing = { readonly server: Server; close: () => Promise<unknown> }

/**
 * Follows the connections of an app that does not listen yet. `closed`: when each that there was has ended; `close`: ends them
 * all and the app, and waits for what the app does at their end, which Node lets come after the end of its server.
 */
export function followConnections(app: Closing) {
  const ends: Promise<void>[] = []
  app.server.on('connection', (socket: Socket) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    socket.once('close', () => resolve())
    ends.push(promise)
  })
  const closed = () => Promise.all(ends)
  return {
    closed,
    async close(): Promise<void> {
      app.server.closeAllConnections()
      await app.close()
      await closed()
    },
  }
}
