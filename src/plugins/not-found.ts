import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { MethodNotAllowedError, ServiceError } from '../errors.ts'
import { pathOf } from './request-path.ts'
import { syncHook } from './sync-hook.ts'

type KnownRoute = { pattern: RegExp; methods: string[] }

async function notFound(app: FastifyInstance): Promise<void> {
  const routes: KnownRoute[] = []
  app.addHook('onRoute', ({ url, method }) => {
    routes.push({ pattern: patternOf(url), methods: [method].flat() })
  })

  function refuse(method: string, target: string): never {
    const path = pathOf(target)
    const allowed = routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods)
    if (allowed.length > 0 && !allowed.includes(method)) throw new MethodNotAllowedError(method, [...new Set(allowed)].sort())
    throw new ServiceError('ROUTE_NOT_FOUND', 'There is no such route. The README lists them all.')
  }

  // Before the body is read: a wrong path or method is the truer answer than a wrong content type.
  app.addHook(
    'onRequest',
    syncHook((request) => {
      if (request.is404) refuse(request.method, request.url)
    }),
  )

  // Without a handler Fastify would run no hook for an unknown route. It is reached for files that /docs does not have.
  app.setNotFoundHandler(async (request) => refuse(request.method, request.url))
}

/** A route's URL as Fastify has it, `/items/:identifier` or `/docs/*`, as a pattern of paths. */
function patternOf(url: string): RegExp {
  const segments = url
    .split('/')
    .map((segment) => (segment.startsWith(':') ? '[^/]*' : RegExp.escape(segment).replace('\\*', '.*')))
  return new RegExp(`^${segments.join('/')}$`)
}

/** 404 for a path that no route has, 405 with Allow for one that exists with other methods. Register before the routes. */
export const notFoundPlugin = fastifyPlugin(notFound, { name: 'not-found' })
