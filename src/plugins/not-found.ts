import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { MethodNotAllowedError, ServiceError } from '../errors.ts'

type KnownRoute = { pattern: URLPattern; methods: string[] }

async function notFound(app: FastifyInstance): Promise<void> {
  const routes: KnownRoute[] = []
  app.addHook('onRoute', ({ url, method }) => {
    routes.push({ pattern: new URLPattern({ pathname: url }), methods: [method].flat() })
  })

  // Before the body is read: a wrong path or method is the truer answer than a wrong content type.
  app.addHook('onRequest', async (request) => {
    if (!request.is404) return
    const path = request.url.split('?', 1)[0] ?? ''
    const allowed = routes.filter(({ pattern }) => pattern.test({ pathname: path })).flatMap(({ methods }) => methods)
    if (allowed.length > 0) throw new MethodNotAllowedError(request.method, [...new Set(allowed)].sort())
    throw new ServiceError('ROUTE_NOT_FOUND', 'There is no such route. GET /openapi.json lists them all.')
  })

  // Fastify runs hooks for an unknown route only where it has a handler, which the hook above never lets run.
  app.setNotFoundHandler(async () => {})
}

/** 404 for a path that no route has, 405 with Allow for one that exists with other methods. Register before the routes. */
export const notFoundPlugin = fastifyPlugin(notFound, { name: 'not-found' })
