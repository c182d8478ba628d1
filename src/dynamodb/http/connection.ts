import { connectionError, HttpReplyError, hangUpError, timeoutError } from './failures.ts'
import { keptMs } from './keep-alive.ts'
import { openSocket, type Place } from './open-socket.ts'
import type { RequireSmall } from './reply-body.ts'
import { createReplyReader, type HttpReply } from './reply-reader.ts'
import { atTurnsEnd } from './turn-end.ts'

/** One request and what is told of it: one of the two, once. */
export type Exchange = {
  /** As it stands on the wire. */
  request: { bytes: string | Uint8Array; encoding: 'latin1' | 'utf8' }
  onReply: (reply: HttpReply) => void
  onFailure: (error: Error) => void
  /** Set while it has one. */
  connection?: Connection | undefined
}

export type ConnectionOptions = {
  place: Place
  /** Milliseconds until it must be there. */
  timeoutMs: number
  requireSmall: RequireSmall
  /** Told when it can take an exchange, again. */
  onFree: (connection: Connection) => void
  /** Told when it is closed, before the exchange that it had. */
  onClosed: (connection: Connection) => void
  /** Told of an exchange of which nothing was sent when the store ended a connection that had served others: it needs another. */
  onUnsent: (exchange: Exchange) => void
  /** TLS's own of the connection before, which saves a round trip; `onSession` is told of the next, or that it is of no use. */
  session: Buffer | undefined
  onSession: (session: Buffer | undefined) => void
}

export type Connection = ReturnType<typeof openConnection>

/**
 * A kept-alive connection for one exchange after another, in HTTP/1.1. It holds up nobody's exit: a time limit on each
 * exchange is for its owner to keep.
 */
export function openConnection(options: ConnectionOptions) {
  const { place, timeoutMs, requireSmall, onFree, onClosed, onUnsent, session, onSession } = options
  const reader = createReplyReader(requireSmall)
  let current: Exchange | undefined
  let isReady = false
  let isSent = false
  let hasServed = false
  let failure: Error | undefined
  let closesAtMs = Number.POSITIVE_INFINITY

  const connection = {
    /** Takes an exchange, when it is free or not yet there: its request goes out as soon as it is. */
    start(exchange: Exchange): void {
      current = exchange
      exchange.connection = connection
      isSent = false
      if (isReady) sendSoon(exchange)
    },

    /** Nobody waits for an exchange any more. What has been sent of it cannot be taken back, and its reply would come. */
    leave(exchange: Exchange): void {
      if (current !== exchange) return
      drop(exchange)
      if (isSent) socket.destroy()
      // One that is not there yet is nobody's until it is, within the time that it has.
      else if (isReady && !socket.destroyed) onFree(connection)
    },

    /** Whether it may take an exchange at a time of performance.now(): a store closes those that were idle for long. */
    isUsable: (nowMs: number): boolean => !socket.destroyed && nowMs < closesAtMs,

    /** Ends it, and the exchange that it has. */
    close(reason?: Error): void {
      failure ??= reason
      socket.destroy()
    },
  }

  function drop(exchange: Exchange): void {
    current = undefined
    exchange.connection = undefined
  }

  function sendSoon(exchange: Exchange): void {
    atTurnsEnd(() => {
      if (current === exchange && !socket.destroyed) send(exchange.request)
    })
  }

  function send({ bytes, encoding }: Exchange['request']): void {
    isSent = true
    if (typeof bytes === 'string') socket.write(bytes, encoding)
    else socket.write(bytes)
  }

  function take(bytes: Buffer): void {
    // Nobody has asked for it.
    if (!current || !isSent) {
      socket.destroy()
      return
    }
    try {
      const reply = reader.take(bytes)
      if (reply) finish(current, reply)
    } catch (error) {
      const isCutOff = error instanceof HttpReplyError && reader.hasBegun()
      connection.close(isCutOff ? hangUpError(error) : (error as Error))
    }
  }

  function finish(exchange: Exchange, reply: HttpReply): void {
    drop(exchange)
    hasServed = true
    if (reply.keepsAlive) {
      closesAtMs = performance.now() + keptMs(reply.headers['keep-alive'])
      onFree(connection)
    } else socket.destroy()
    exchange.onReply(reply)
  }

  /** The connection has ended under an exchange. */
  function fail(exchange: Exchange): void {
    drop(exchange)
    if (hasServed && !isSent) onUnsent(exchange)
    else exchange.onFailure(failure ?? hangUpError())
  }

  const socket = openSocket(place, take, session)
  const limit = setTimeout(() => connection.close(timeoutError('no connection in time')), timeoutMs).unref()
  socket.unref()
  socket.once(place.isTls ? 'secureConnect' : 'connect', () => {
    isReady = true
    clearTimeout(limit)
    // Again: a name's second address is another handle.
    socket.unref()
    closesAtMs = performance.now() + keptMs()
    if (current) sendSoon(current)
    else onFree(connection)
  })
  socket.on('session', onSession)
  socket.once('end', () => {
    const reply = reader.takeEnd()
    if (current && reply) finish(current, reply)
    // Or an exchange could be sent that nobody reads.
    else socket.destroy()
  })
  socket.once('error', (error) => {
    failure ??= connectionError(error)
  })
  socket.once('close', () => {
    clearTimeout(limit)
    if (!isReady) onSession(undefined)
    onClosed(connection)
    if (current) fail(current)
  })
  return connection
}
