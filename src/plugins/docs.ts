import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { exactReplies } from './docs-exact-replies.ts'
import { PAGE_SCRIPT, PAGE_STYLE, storyOrder } from './docs-page.ts'
import { KEY_SCHEMES, transformDocument, transformRoute, transformRouteWithKeys } from './openapi.ts'

export type DocsOptions = {
  title: string
  version: string
  /** Whether the API's routes ask for a key. */
  hasKeys: boolean
}

// The page runs its own scripts and asks this service alone; what it draws has styles within.
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
  "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

const describe = (hasKeys: boolean) =>
  'Reads, writes and deletes the features of users and accounts, by category, over two DynamoDB tables.\n\n' +
  `**To try it out**, ${hasKeys ? 'press *Authorize* and enter a key, then ' : ''}open an endpoint and press *Execute*: each has ` +
  'an example that is sent as it stands. From top to bottom they tell a story: `user123` is written, read, and deleted.\n\n' +
  'Numbers keep every digit, up to 38 significant ones, on this page too; mind that many JSON parsers round beyond 15. ' +
  'Every reply carries `x-request-id`: your own, where you sent one of 1 to 128 of `[A-Za-z0-9._-]`. ' +
  'Errors are `application/problem+json` (RFC 9457) with a stable `code`.'

async function docs(app: FastifyInstance, { title, version, hasKeys }: DocsOptions): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title, version, description: describe(hasKeys) },
      tags: [
        { name: 'write', description: 'Replace categories as a whole, or merge features into one' },
        { name: 'read', description: 'What is stored, and what is missing' },
        { name: 'delete', description: 'A category, or all that an entity has' },
        { name: 'health', description: 'Is it alive, is it ready?' },
      ],
      ...(hasKeys ? { components: { securitySchemes: KEY_SCHEMES } } : {}),
    },
    transform: hasKeys ? transformRouteWithKeys : transformRoute,
    transformObject: transformDocument,
  })
  // The page's own routes have no place for a config.
  app.addHook('onRoute', (route) => {
    if (/^\/docs(?:\/|$)/.test(route.url)) route.config = { operation: 'docs', access: 'open', ...route.config }
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    theme: {
      title,
      js: [{ filename: 'page.js', content: PAGE_SCRIPT }],
      css: [{ filename: 'page.css', content: PAGE_STYLE }],
    },
    staticCSP: PAGE_POLICY,
    // BaseLayout has no bar on top; no validator, which would be on the internet.
    uiConfig: {
      layout: 'BaseLayout',
      validatorUrl: null,
      deepLinking: true,
      displayRequestDuration: true,
      // The replies' schemas are with their endpoints.
      defaultModelsExpandDepth: -1,
      tryItOutEnabled: true,
      operationsSorter: storyOrder,
      plugins: [exactReplies],
    },
  })
  app.get('/openapi.json', { schema: { hide: true }, config: { operation: 'openapi', access: 'open' } }, async () =>
    app.swagger(),
  )
}

/** The API's description at /openapi.json and as a page at /docs. Register before the routes that it describes. */
export const docsPlugin = fastifyPlugin(docs, { name: 'docs' })
