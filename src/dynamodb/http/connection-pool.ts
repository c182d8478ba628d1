import { type Connection, type Exchange, openConnection } from './connection.ts'
import { closedError } from './failures.ts'
import type { Place } from './open-socket.ts'
import type { RequireSmall } from './reply-body.ts'

export type PoolOptions = {
  /** Connections at once; beyond them exchanges wait. */
  maxSockets: number
  /** Milliseconds until a connection must be there. */
  timeoutMs: number
  requireSmall: RequireSmall
}

export type ConnectionPool = ReturnType<typeof createConnectionPool>

/** The connections to one place: of the idle ones the last used goes first, so that the others may end. */
export function createConnectionPool(place: Place, { maxSockets, timeoutMs, requireSmall }: PoolOptions) {
  const open = new Set<Connection>()
  const idle: Connection[] = []
  const waiting = new Set<Exchange>()
  let session: Buffer | undefined
  let isClosed = false

  function takeIdle(): Connection | undefined {
    const nowMs = performance.now()
    for (let connection = idle.pop(); connection; connection = idle.pop()) {
      if (connection.isUsable(nowMs)) return connection
      connection.close()
    }
    return undefined
  }

  function openOne(): Connection {
    const connection = openConnection({
      place,
      timeoutMs,
      requireSmall,
      onFree: serveNext,
      onClosed: forget,
      onUnsent: take,
      session,
      onSession: (next) => {
        session = next
      },
    })
    open.add(connection)
    return connection
  }

  function nextWaiting(): Exchange | undefined {
    const [next] = waiting
    if (next) waiting.delete(next)
    return next
  }

  function serveNext(connection: Connection): void {
    const next = nextWaiting()
    if (next) connection.start(next)
    else idle.push(connection)
  }

  function forget(connection: Connection): void {
    open.delete(connection)
    const at = idle.indexOf(connection)
    if (at !== -1) idle.splice(at, 1)
    const next = nextWaiting()
    if (next) openOne().start(next)
  }

  function take(exchange: Exchange): void {
    if (isClosed) {
      exchange.onFailure(closedError())
      return
    }
    const connection = takeIdle() ?? (open.size < maxSockets ? openOne() : undefined)
    if (connection) connection.start(exchange)
    else waiting.add(exchange)
  }

  return {
    /** Begins an exchange, or lets it wait for a connection. */
    take,

    /** Nobody waits for an exchange any more. */
    leave(exchange: Exchange): void {
      if (!waiting.delete(exchange)) exchange.connection?.leave(exchange)
    },

    /** Ends the connections that have been idle for too long. */
    closeStale(): void {
      const nowMs = performance.now()
      for (const connection of idle.filter((known) => !known.isUsable(nowMs))) connection.close()
    },

    /** Ends everything, under way or not. */
    close(): void {
      isClosed = true
      for (const connection of open) connection.close(closedError())
      for (let next = nextWaiting(); next; next = nextWaiting()) next.onFailure(closedError())
    },
  }
}
