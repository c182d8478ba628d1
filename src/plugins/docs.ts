import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { transformDocument, transformRoute } from './openapi.ts'

export type DocsOptions = { title: string; version: string }

const DESCRIPTION =
  'Reads and writes the features of users and accounts, by category, over two DynamoDB tables.\n\n' +
  'Numbers keep every digit, up to 38 significant ones; mind that many JSON parsers round beyond 15. ' +
  'Every reply carries `x-request-id`: your own, where you sent one of 1 to 128 of `[A-Za-z0-9._-]`. ' +
  'Errors are `application/problem+json` (RFC 9457) with a stable `code`.'

async function docs(app: FastifyInstance, { title, version }: DocsOptions): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title, version, description: DESCRIPTION },
      tags: [
        { name: 'features', description: 'Read and write features' },
        { name: 'health', description: 'Is it alive, is it ready?' },
      ],
    },
    transform: transformRoute,
    transformObject: transformDocument,
  })
  // The page's own routes have no place for a config.
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/docs')) route.config = { operation: 'docs', ...route.config }
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    theme: { title },
    // BaseLayout has no bar on top; no validator, which would be on the internet.
    uiConfig: {
      layout: 'BaseLayout',
      validatorUrl: null,
      deepLinking: true,
      displayRequestDuration: true,
      defaultModelsExpandDepth: 0,
    },
  })
  app.get('/openapi.json', { schema: { hide: true }, config: { operation: 'openapi' } }, async () => app.swagger())
}

/** The API's description at /openapi.json and as a page at /docs. Register before the routes that it describes. */
export const docsPlugin = fastifyPlugin(docs, { name: 'docs' })
