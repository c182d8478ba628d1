import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { syncHook } from './sync-hook.ts'

export const REQUEST_ID_HEADER = 'x-request-id'

const VALID = /^[A-Za-z0-9._-]{1,128}$/

/**
 * The id of a request: the client's own `x-request-id` where it is safe to repeat, else a new UUID. It takes the header's
 * place, so that whoever asks again is told the same.
 */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[REQUEST_ID_HEADER]
  if (typeof given === 'string' && VALID.test(given)) return given
  const id = randomUUID()
  headers[REQUEST_ID_HEADER] = id
  return id
}

async function requestId(app: FastifyInstance): Promise<void> {
  app.addHook(
    'onRequest',
    syncHook((request, reply) => {
      reply.header(REQUEST_ID_HEADER, request.id)
    }),
  )
}

/** Puts `x-request-id` on every reply. */
export const requestIdPlugin = fastifyPlugin(requestId, { name: 'request-id' })
