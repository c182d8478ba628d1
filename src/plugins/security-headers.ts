import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { syncHook } from './sync-hook.ts'

/** For every reply: it is data, for the one who asked, and no page. Source: OWASP REST Security Cheat Sheet. */
export const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const

async function securityHeaders(app: FastifyInstance): Promise<void> {
  app.addHook(
    'onRequest',
    syncHook((_request, reply) => {
      reply.headers(SECURITY_HEADERS)
    }),
  )
}

/** Puts SECURITY_HEADERS on every reply of a route; a route may set its own in their place. */
export const securityHeadersPlugin = fastifyPlugin(securityHeaders, { name: 'security-headers' })
