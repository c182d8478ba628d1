import { describe, expect, test } from 'vitest'
import { READ, repliesIn, startGuardedService } from '../support/guarded-service.ts'
import { bearer } from '../support/key-holders.ts'
import { requestText } from '../support/raw-client.ts'

const PREFLIGHT = { origin: 'https://app.example.com', 'access-control-request-method': 'GET' }

describe('without CORS_ORIGINS no reply speaks of CORS:', () => {
  test.for([
    ['a read', 'GET', READ, 200],
    ['a preflight', 'OPTIONS', READ, 405],
    ['a preflight to nowhere', 'OPTIONS', '/no/such/route', 404],
    ['a preflight to health', 'OPTIONS', '/health/live', 405],
    ['OPTIONS of the whole service', 'OPTIONS', '*', 404],
    ['a path that is no UTF-8', 'GET', '/%zz', 400],
    ['a health check', 'GET', '/health/live', 200],
  ] as const)('%s', async ([, method, target, status]) => {
    const service = await startGuardedService({ app: { apiKeys: undefined } })

    const received = await service.exchange(requestText(method, target, { ...PREFLIGHT, connection: 'close' }))

    expect(repliesIn(received)).toMatchObject([{ status }])
    expect(received).not.toMatch(/^access-control-|^vary:/im)
  })

  test('a request without a key, and a preflight without one', async () => {
    const service = await startGuardedService()
    const requests = ['GET', 'OPTIONS'].map((method) => requestText(method, READ, { ...PREFLIGHT, connection: 'close' }))

    const received = await Promise.all(requests.map(service.exchange))

    expect(received.flatMap(repliesIn)).toMatchObject([{ status: 401 }, { status: 401 }])
    expect(received.join('')).not.toMatch(/^access-control-|^vary:/im)
  })
})

test('OPTIONS of a route with a key is 405 with the methods that there are, and of no route 404', async () => {
  const { app, readKey } = await startGuardedService()

  const known = await app.inject({ method: 'OPTIONS', url: READ, headers: bearer(readKey) })
  const unknown = await app.inject({ method: 'OPTIONS', url: '/no/such/route', headers: bearer(readKey) })

  expect(known).toMatchObject({ statusCode: 405, headers: { allow: 'GET, HEAD' } })
  expect(known.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' })
  expect(unknown.json()).toMatchObject({ status: 404, code: 'ROUTE_NOT_FOUND' })
})
