import { describe, expect, test } from 'vitest'
import { refusal } from '../support/dynamodb-replies.ts'
import { createGate } from '../support/gate.ts'
import {
  CHANGE,
  type GuardedService,
  READ,
  repliesIn,
  startGuardedService,
  WRITE,
  WRITE_BODY,
} from '../support/guarded-service.ts'
import { bearer } from '../support/key-holders.ts'
import type { LoggedServiceOptions } from '../support/logged-service.ts'
import { parseHeadersOf } from '../support/parse-headers.ts'
import { openConnection, requestText } from '../support/raw-client.ts'

const ORIGIN = 'https://app.example.com'

function openToPages({ app, ...options }: LoggedServiceOptions = {}): Promise<GuardedService> {
  return startGuardedService({ ...options, app: { corsOrigins: [ORIGIN], ...app } })
}

type Case = readonly [status: number, why: string, method: string, target: string, body: string, options?: LoggedServiceOptions]

const cases: readonly Case[] = [
  [200, 'a read', 'GET', READ, ''],
  [200, 'a write', 'POST', WRITE, WRITE_BODY],
  [200, 'a merge', 'PATCH', CHANGE, '{"f":1}'],
  [200, 'a delete', 'DELETE', CHANGE, ''],
  [200, 'a health check', 'GET', '/health/live', ''],
  [400, 'a body that is no JSON', 'POST', WRITE, '{'],
  [400, 'a path that is no UTF-8', 'GET', '/api/v1/get/item/%zz/cat', ''],
  [404, 'no route', 'GET', '/no/such/route', ''],
  [405, 'another method', 'DELETE', READ, ''],
  [413, 'a body too large', 'POST', WRITE, WRITE_BODY, { app: { bodyLimitBytes: 3 } }],
  [422, 'a broken rule', 'POST', WRITE, '{"cat":1}'],
  [500, 'a bug', 'GET', READ, '', { script: () => refusal('ValidationException') }],
  [503, 'a store that throttles', 'GET', READ, '', { script: () => refusal('ThrottlingException') }],
]

describe('a page of a listed origin may read', () => {
  test.for(cases)('%i %s', async ([status, , method, target, body, options]) => {
    const service = await openToPages(options)
    const headers = { connection: 'close', origin: ORIGIN, ...bearer(service.writeKey) }

    const received = await service.exchange(requestText(method, target, headers, body))

    expect(repliesIn(received)).toMatchObject([{ status }])
    expect(parseHeadersOf(received)).toMatchObject({ 'access-control-allow-origin': ORIGIN, vary: 'Origin' })
  })

  test('401 and 403, with what is wrong', async () => {
    const { app, readKey } = await openToPages()

    const replies = [
      await app.inject({ url: READ, headers: { origin: ORIGIN } }),
      await app.inject({ method: 'POST', url: WRITE, headers: { origin: ORIGIN, ...bearer(readKey) }, payload: {} }),
    ]

    expect(replies.map(({ statusCode }) => statusCode)).toEqual([401, 403])
    for (const { headers } of replies) expect(headers).toMatchObject({ 'access-control-allow-origin': ORIGIN, vary: 'Origin' })
  })

  test('429, and when to come again', async () => {
    const { app, readKey } = await openToPages({ app: { rateLimitPerMinute: 1 } })
    const headers = { origin: ORIGIN, ...bearer(readKey) }
    await app.inject({ url: READ, headers })

    const reply = await app.inject({ url: READ, headers })

    expect(reply).toMatchObject({ statusCode: 429, headers: { 'access-control-allow-origin': ORIGIN } })
    expect(exposedBy(reply.headers)).toEqual(expect.arrayContaining(['retry-after', 'x-request-id']))
  })

  test('503 of a service that is overloaded, and when to come again', async () => {
    const gate = createGate()
    const script = async () => {
      await gate.arrive()
      return refusal('ThrottlingException')
    }
    const service = await openToPages({ script, app: { maxInFlight: 1 } })
    const busy = await openConnection(service.port)
    busy.send(requestText('GET', READ, bearer(service.readKey)))
    await gate.arrived

    const reply = await service.app.inject({ url: READ, headers: { origin: ORIGIN, ...bearer(service.readKey) } })

    gate.open()
    expect(reply.json()).toMatchObject({ status: 503, code: 'OVERLOADED' })
    expect(reply.headers).toMatchObject({ 'access-control-allow-origin': ORIGIN })
    expect(exposedBy(reply.headers)).toContain('retry-after')
  })
})

describe('a page of an origin that is not listed may not read', () => {
  test.for(cases)('%i %s', async ([status, , method, target, body, options]) => {
    const service = await openToPages(options)
    const headers = { connection: 'close', origin: 'https://evil.example', ...bearer(service.writeKey) }

    const received = await service.exchange(requestText(method, target, headers, body))

    expect(repliesIn(received)).toMatchObject([{ status }])
    expect(parseHeadersOf(received)).not.toHaveProperty('access-control-allow-origin')
  })
})

test('a reply to no page tells caches that pages get others', async () => {
  const { app, readKey } = await openToPages()

  const { headers } = await app.inject({ url: READ, headers: bearer(readKey) })

  expect(headers).toMatchObject({ vary: 'Origin' })
  expect(headers).not.toHaveProperty('access-control-allow-origin')
})

test('for all origins, any page may read, without the credentials of its browser', async () => {
  const { app, readKey } = await openToPages({ app: { corsOrigins: ['*'] } })

  const { headers } = await app.inject({ url: READ, headers: { origin: 'https://any.example', ...bearer(readKey) } })

  expect(headers).toMatchObject({ 'access-control-allow-origin': '*' })
  expect(headers).not.toHaveProperty('access-control-allow-credentials')
})

function exposedBy(headers: Record<string, unknown>): string[] {
  return String(headers['access-control-expose-headers']).split(/, */)
}
