import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { REQUEST_ID_HEADER } from './request-id.ts'

/** Sets the headers of one reply that let a page read it, where its origin is among those that may. */
export type AllowOrigin = ReturnType<typeof createAllowOrigin>

const EVERY_ORIGIN = '*'

const PREFLIGHT_HEADERS = {
  'access-control-allow-methods': 'GET, HEAD, POST, PATCH, DELETE',
  'access-control-allow-headers': `authorization, content-type, traceparent, x-api-key, ${REQUEST_ID_HEADER}`,
  'access-control-max-age': '600',
}

/**
 * @param origins the origins whose pages may ask, `*` for all; undefined: none.
 * @returns a function that says whether the page may.
 */
export function createAllowOrigin(origins: readonly string[] | undefined) {
  return function allowOrigin({ headers: { origin } }: FastifyRequest, reply: FastifyReply): boolean {
    if (origins === undefined) return false
    const isForAll = origins.includes(EVERY_ORIGIN)
    if (!isForAll) reply.header('vary', 'Origin')
    if (origin === undefined || !(isForAll || origins.includes(origin))) return false
    reply.header('access-control-allow-origin', isForAll ? EVERY_ORIGIN : origin)
    reply.header('access-control-expose-headers', `retry-after, ${REQUEST_ID_HEADER}`)
    return true
  }
}

async function cors(app: FastifyInstance, { allowOrigin }: { allowOrigin: AllowOrigin }): Promise<void> {
  app.addHook('onRequest', (request, reply, done) => {
    if (allowOrigin(request, reply) && isPreflight(request)) void reply.code(204).headers(PREFLIGHT_HEADERS).send()
    else done()
  })
}

// Fetch Standard, section 3.3.2.
function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
}

/**
 * Lets pages of other origins ask, and answers their browsers' preflights. Register before the keys are checked: a browser
 * asks first without one.
 */
export const corsPlugin = fastifyPlugin(cors, { name: 'cors' })
