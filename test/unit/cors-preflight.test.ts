import { describe, expect, test } from 'vitest'
import { expectWholeProblem } from '../support/expect-whole-problem.ts'
import {
  CHANGE,
  FILTER,
  FILTER_MANY,
  type GuardedService,
  READ,
  startGuardedService,
  WRITE,
  WRITE_MANY,
} from '../support/guarded-service.ts'
import { bearer } from '../support/key-holders.ts'

const ORIGIN = 'https://app.example.com'
const OTHER_ORIGIN = 'http://localhost:3000'
const ASKED = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type,x-api-key' }

function openToPages(corsOrigins: readonly string[] = [ORIGIN, OTHER_ORIGIN]): Promise<GuardedService> {
  return startGuardedService({ app: { corsOrigins } })
}

/** What is in a header that lists things. */
function listIn(value: unknown): string[] {
  return String(value)
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .toSorted()
}

describe('a preflight of a listed origin', () => {
  test.for([ORIGIN, OTHER_ORIGIN])('%s is granted without a key, and reads nothing', async (origin) => {
    const { app, dynamodb } = await openToPages()

    const reply = await app.inject({ method: 'OPTIONS', url: WRITE, headers: { origin, ...ASKED } })

    expect(reply).toMatchObject({ statusCode: 204, body: '', headers: { 'access-control-allow-origin': origin } })
    expect(listIn(reply.headers.vary)).toContain('origin')
    expect(dynamodb.calls()).toEqual([])
  })

  test('grants the methods and headers that the API has, and no credentials of the browser', async () => {
    const { app } = await openToPages()

    const { headers } = await app.inject({ method: 'OPTIONS', url: WRITE, headers: { origin: ORIGIN, ...ASKED } })

    expect(listIn(headers['access-control-allow-methods'])).toEqual(['delete', 'get', 'head', 'patch', 'post'])
    const allowed = listIn(headers['access-control-allow-headers'])
    expect(allowed).toEqual(['authorization', 'content-type', 'traceparent', 'x-api-key', 'x-request-id'])
    expect(Number(headers['access-control-max-age'])).toBeGreaterThan(0)
    expect(headers).not.toHaveProperty('access-control-allow-credentials')
  })

  test.for([READ, FILTER, WRITE, FILTER_MANY, WRITE_MANY, CHANGE, '/health/live'])('is granted for %s', async (url) => {
    const { app } = await openToPages()

    const { headers } = await app.inject({ method: 'OPTIONS', url, headers: { origin: ORIGIN, ...ASKED } })

    expect(headers).toMatchObject({ 'access-control-allow-origin': ORIGIN })
  })
})

test.for(['PATCH', 'DELETE'])('a preflight that asks for %s is granted, and changes nothing', async (method) => {
  const { app, dynamodb } = await openToPages()
  const asked = { 'access-control-request-method': method, 'access-control-request-headers': 'authorization,content-type' }

  const { statusCode, headers } = await app.inject({ method: 'OPTIONS', url: CHANGE, headers: { origin: ORIGIN, ...asked } })

  expect(statusCode).toBe(204)
  expect(headers).toMatchObject({ 'access-control-allow-origin': ORIGIN })
  expect(listIn(headers['access-control-allow-methods'])).toContain(method.toLowerCase())
  expect(dynamodb.calls()).toEqual([])
})

describe('a preflight is not granted to', () => {
  test.for([
    ['an origin that is not listed', 'https://evil.example'],
    ['the same host by another scheme', 'http://app.example.com'],
    ['the same host on another port', 'https://app.example.com:8443'],
    ['a host below it', 'https://x.app.example.com'],
    ['a host that begins like it', 'https://app.example.com.evil.example'],
    ['a host that ends like it', 'https://evilapp.example.com'],
    ['a host with any letter for a dot', 'https://appxexample.com'],
    ['it in capitals', 'HTTPS://APP.EXAMPLE.COM'],
    ['it with a slash', `${ORIGIN}/`],
    ['it among others', `${ORIGIN} https://evil.example`],
    ['it in a list', `${ORIGIN},https://evil.example`],
    ['null', 'null'],
    ['a star', '*'],
    ['a file', 'file://'],
  ] as const)('%s', async ([, origin]) => {
    const { app } = await openToPages()

    const { headers } = await app.inject({ method: 'OPTIONS', url: WRITE, headers: { origin, ...ASKED } })

    expect(headers).not.toHaveProperty('access-control-allow-origin')
    expect(listIn(headers.vary)).toContain('origin')
  })
})

describe('OPTIONS that is no preflight', () => {
  test.for([
    ['without an origin', {}],
    ['without the method that is asked for', { origin: ORIGIN }],
  ] as const)('%s is refused as any other request without a key', async ([, headers]) => {
    const { app } = await openToPages()

    const reply = await app.inject({ method: 'OPTIONS', url: READ, headers })

    expectWholeProblem(
      { status: reply.statusCode, headers: reply.headers, json: jsonOf(reply.body) },
      { status: 401, code: 'UNAUTHENTICATED' },
    )
  })

  test.for([
    [READ, 405, 'METHOD_NOT_ALLOWED'],
    ['/no/such/route', 404, 'ROUTE_NOT_FOUND'],
  ] as const)('to %s with a key is %i, as without CORS_ORIGINS', async ([url, status, code]) => {
    const { app, readKey } = await openToPages()

    const reply = await app.inject({ method: 'OPTIONS', url, headers: bearer(readKey) })

    expectWholeProblem({ status: reply.statusCode, headers: reply.headers, json: jsonOf(reply.body) }, { status, code })
  })
})

/** The body as JSON; undefined where it is none. */
function jsonOf(body: string): unknown {
  return body.startsWith('{') ? JSON.parse(body) : undefined
}

test('for all origins, it is granted to any', async () => {
  const { app } = await openToPages(['*'])

  const reply = await app.inject({ method: 'OPTIONS', url: WRITE, headers: { origin: 'https://any.example', ...ASKED } })

  expect(reply).toMatchObject({ statusCode: 204, headers: { 'access-control-allow-origin': '*' } })
  expect(reply.headers).not.toHaveProperty('access-control-allow-credentials')
})
