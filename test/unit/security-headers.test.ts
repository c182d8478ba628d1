import Fastify from 'fastify'
import { describe, expect, onTestFinished, test } from 'vitest'
import { securityHeadersPlugin } from '../../src/plugins/security-headers.ts'
import { refusal } from '../support/dynamodb-replies.ts'
import { READ, repliesIn, startGuardedService, WRITE, WRITE_BODY } from '../support/guarded-service.ts'
import { bearer } from '../support/key-holders.ts'
import type { LoggedServiceOptions } from '../support/logged-service.ts'
import { parseHeadersOf } from '../support/parse-headers.ts'
import { requestText } from '../support/raw-client.ts'

/** What OWASP asks of a reply that is data: nobody keeps it, nobody takes it for a page, no page shows it in a frame. */
const EXPECTED = {
  'cache-control': 'no-store',
  'content-security-policy': expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': expect.stringMatching(/^max-age=\d{7,}/),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

type Case = readonly [status: number, why: string, method: string, target: string, body: string, options?: LoggedServiceOptions]

const cases: readonly Case[] = [
  [200, 'a read', 'GET', READ, ''],
  [200, 'a HEAD', 'HEAD', READ, ''],
  [200, 'a write', 'POST', WRITE, WRITE_BODY],
  [200, 'a health check', 'GET', '/health/live', ''],
  [503, 'a health check that fails', 'GET', '/health/ready', '', { app: { isReady: () => false } }],
  [400, 'a path that is no UTF-8', 'GET', '/%zz', ''],
  [400, 'a body that is no JSON', 'POST', WRITE, '{'],
  [404, 'no route', 'GET', '/no/such/route', ''],
  [405, 'another method', 'DELETE', READ, ''],
  [413, 'a body too large', 'POST', WRITE, WRITE_BODY, { app: { bodyLimitBytes: 3 } }],
  [422, 'a broken rule', 'POST', WRITE, '{"cat":1}'],
  [500, 'a bug', 'GET', READ, '', { script: () => refusal('ValidationException') }],
  [503, 'a store that throttles', 'GET', READ, '', { script: () => refusal('ThrottlingException') }],
]

describe('every reply has the security headers, and none tells what the service is made of:', () => {
  test.for(cases)('%i %s', async ([status, , method, target, body, options]) => {
    const service = await startGuardedService(options)
    const headers = { connection: 'close', ...bearer(service.writeKey) }

    const received = await service.exchange(requestText(method, target, headers, body))

    expect(repliesIn(received)).toMatchObject([{ status }])
    expect(parseHeadersOf(received)).toMatchObject(EXPECTED)
    expect(parseHeadersOf(received)).not.toHaveProperty('x-powered-by')
    expect(parseHeadersOf(received)).not.toHaveProperty('server')
  })

  test('401, 403, 429 and a preflight', async () => {
    const { app, readKey } = await startGuardedService({
      app: { rateLimitPerMinute: 1, corsOrigins: ['https://app.example.com'] },
    })
    const preflight = { origin: 'https://app.example.com', 'access-control-request-method': 'GET' }

    const replies = [
      await app.inject({ url: READ }),
      await app.inject({ method: 'POST', url: WRITE, headers: bearer(readKey), payload: {} }),
      await app.inject({ url: READ, headers: bearer(readKey) }),
      await app.inject({ url: READ, headers: bearer(readKey) }),
      await app.inject({ method: 'OPTIONS', url: READ, headers: preflight }),
    ]

    expect(replies.map(({ statusCode }) => statusCode)).toEqual([401, 403, 200, 429, 204])
    for (const { headers } of replies) expect(headers).toMatchObject(EXPECTED)
  })
})

test('a route may set its own in their place, and what is thrown has them all the same', async () => {
  const app = Fastify()
  onTestFinished(() => app.close())
  await app.register(securityHeadersPlugin)
  app.get('/own', async (_request, reply) => reply.header('cache-control', 'max-age=60').send('own'))
  app.get('/thrown', async () => {
    throw new Error('thrown')
  })

  const own = await app.inject('/own')
  const thrown = await app.inject('/thrown')

  expect(own.headers).toMatchObject({ ...EXPECTED, 'cache-control': 'max-age=60' })
  expect(thrown.headers).toMatchObject(EXPECTED)
})
