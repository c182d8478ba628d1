import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'

export type DocsOptions = { title: string; version: string }

const DESCRIPTION =
  'Reads and writes the features of users and accounts, by category, over two DynamoDB tables. ' +
  'Numbers keep every digit (38 significant ones at most): a client whose JSON parser rounds should be told not to. ' +
  'Errors are application/problem+json (RFC 9457) with a stable `code`.'

async function docs(app: FastifyInstance, { title, version }: DocsOptions): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title, version, description: DESCRIPTION },
      tags: [
        { name: 'features', description: 'Read and write features' },
        { name: 'health', description: 'Whether the service lives and is ready' },
      ],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    // No badge from a validator on the internet; everything is served from here.
    uiConfig: { url: '/openapi.json', validatorUrl: null, tryItOutEnabled: true, displayRequestDuration: true },
  })
  app.get('/openapi.json', { schema: { hide: true }, config: { operation: 'openapi' } }, async () => app.swagger())
}

/** The API's description at /openapi.json and as a page at /docs. Register before the routes that it describes. */
export const docsPlugin = fastifyPlugin(docs, { name: 'docs' })
