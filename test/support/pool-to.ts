import { onTestFinished } from 'vitest'
import type { Exchange } from '../../src/dynamodb/http/connection.ts'
import { createConnectionPool, type PoolOptions } from '../../src/dynamodb/http/connection-pool.ts'
import type { Place } from '../../src/dynamodb/http/open-socket.ts'
import { requestBytes } from '../../src/dynamodb/http/request-bytes.ts'

/** An exchange, and what came of it: the reply's body. */
export type Asked = { exchange: Exchange; reply: Promise<string> }

const LONG_MS = 20_000

/** A pool of connections to a place that is closed with the test, and exchanges over it, each with its name as its body. */
export function poolTo(place: Partial<Place> & { port: number }, options: Partial<PoolOptions> = {}) {
  const pool = createConnectionPool(
    { isTls: false, hostname: '127.0.0.1', ...place },
    { maxSockets: 2, timeoutMs: LONG_MS, requireSmall: () => {}, ...options },
  )
  onTestFinished(() => pool.close())

  function ask(name: string): Asked {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    // Some of the failures are nobody's concern.
    promise.catch(() => {})
    const exchange: Exchange = {
      request: requestBytes({ method: 'POST', hostname: 'store', path: '/', headers: {}, body: name }),
      onReply: ({ body }) => resolve(body.toString('latin1')),
      onFailure: reject,
    }
    pool.take(exchange)
    return { exchange, reply: promise }
  }
  return { pool, ask, leave: ({ exchange }: Asked) => pool.leave(exchange) }
}
