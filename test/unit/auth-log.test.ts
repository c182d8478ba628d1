import { describe, expect, test } from 'vitest'
import { createApiKey, parseApiKeys } from '../../src/api-keys.ts'
import { refusal } from '../support/dynamodb-replies.ts'
import { createGate } from '../support/gate.ts'
import { CHANGE, type GuardedService, READ, startGuardedService, WRITE, WRITE_BODY } from '../support/guarded-service.ts'
import { bearer, hashIn } from '../support/key-holders.ts'
import type { LoggedServiceOptions } from '../support/logged-service.ts'
import { openConnection, requestText } from '../support/raw-client.ts'

type Case = readonly [status: number, why: string, method: string, target: string, body: string, options?: LoggedServiceOptions]

const OVER_LIMIT = `{"cat":{"f":"${'x'.repeat(2000)}"}}`

const cases: readonly Case[] = [
  [200, 'a read', 'GET', READ, ''],
  [200, 'a write', 'POST', WRITE, WRITE_BODY],
  [200, 'a merge', 'PATCH', CHANGE, '{"f":1}'],
  [200, 'a delete', 'DELETE', CHANGE, ''],
  [400, 'no JSON', 'POST', WRITE, '{'],
  [404, 'no route', 'GET', '/no/such/route', ''],
  [405, 'another method', 'DELETE', READ, ''],
  [413, 'a body too large', 'POST', WRITE, OVER_LIMIT, { app: { bodyLimitBytes: 1000 } }],
  [422, 'a broken rule', 'POST', WRITE, '{"cat":1}'],
  [500, 'a bug', 'GET', READ, '', { script: () => refusal('ValidationException') }],
  [503, 'a store that throttles', 'GET', READ, '', { script: () => refusal('ThrottlingException') }],
]

/** What the log has at its most talkative of a request with a key. */
async function logOf([, , method, target, body, options]: Case, headers: (service: GuardedService) => Record<string, string>) {
  const service = await startGuardedService({ level: 'trace', ...options })
  const received = await service.exchange(requestText(method, target, { connection: 'close', ...headers(service) }, body))
  const lines = await service.finalRequests()
  return { lines, received, text: service.sink.text(), secrets: service.secrets }
}

describe('the line of a request tells the name of its key, and none tells a key or its hash:', () => {
  test.for(cases)('%i %s', async (given) => {
    const { lines, received, text, secrets } = await logOf(given, ({ writeKey }) => bearer(writeKey))

    expect(lines).toMatchObject([{ status: given[0], key: 'nightly-job' }])
    for (const secret of secrets) expect(text + received).not.toContain(secret)
  })

  test('403 a key that may not write', async () => {
    const { lines, received, text, secrets } = await logOf([403, '', 'POST', WRITE, WRITE_BODY], ({ readKey }) => ({
      'x-api-key': readKey,
    }))

    expect(lines).toMatchObject([{ level: 'warn', status: 403, error_code: 'FORBIDDEN', key: 'model-scoring' }])
    for (const secret of secrets) expect(text + received).not.toContain(secret)
  })

  test('429 beyond the rate limit', async () => {
    const service = await startGuardedService({ app: { rateLimitPerMinute: 1 } })
    const request = requestText('GET', READ, bearer(service.readKey))

    await service.exchange(request + request + requestText('GET', '/health/live', { connection: 'close' }))

    const lines = await service.finalRequests()
    expect(lines.find(({ status }) => status === 429)).toMatchObject({
      level: 'warn',
      error_code: 'RATE_LIMITED',
      key: 'model-scoring',
    })
  })

  test('499 a client that hung up', async () => {
    const gate = createGate()
    const service = await startGuardedService({
      script: async () => {
        await gate.arrive()
        return refusal('ThrottlingException')
      },
    })
    const client = await openConnection(service.port)
    client.send(requestText('GET', READ, bearer(service.readKey)))
    await gate.arrived

    client.hangUp()

    const [line] = await service.sink.ended(1)
    gate.open()
    expect(line).toMatchObject({ status: 499, key: 'model-scoring' })
  })

  test('503 a service that is overloaded', async () => {
    const gate = createGate()
    const script = async () => {
      await gate.arrive()
      return refusal('ThrottlingException')
    }
    const service = await startGuardedService({ script, app: { maxInFlight: 1 } })
    const busy = await openConnection(service.port)
    busy.send(requestText('GET', READ, bearer(service.readKey)))
    await gate.arrived

    await service.exchange(requestText('GET', READ, { connection: 'close', ...bearer(service.writeKey) }))

    const [line] = await service.sink.ended(1)
    gate.open()
    expect(line).toMatchObject({ status: 503, error_code: 'OVERLOADED', key: 'nightly-job' })
  })
})

describe('the line of a request that did not get in', () => {
  test.for([
    ['without a key', {}],
    ['with a key that nobody knows', bearer('fs_UNKNOWN-KEY')],
    ['with a key that nobody knows as x-api-key', { 'x-api-key': 'fs_UNKNOWN-KEY' }],
    ['with a password', { authorization: 'Basic fs_UNKNOWN-KEY' }],
    ['with a key in a cookie', { cookie: 'key=fs_UNKNOWN-KEY' }],
  ] as const)('%s names no key, and quotes none', async ([, headers]) => {
    const target = `${READ}?x-api-key=fs_UNKNOWN-KEY&fs_UNKNOWN-KEY`

    const { lines, received, text } = await logOf([401, '', 'GET', target, ''], () => headers)

    expect(lines).toMatchObject([{ level: 'warn', status: 401, error_code: 'UNAUTHENTICATED' }])
    expect(lines[0]).not.toHaveProperty('key')
    expect(text + received).not.toContain('UNKNOWN-KEY')
  })
})

test('two keys of one name are one name in the log', async () => {
  const made = [createApiKey('scoring', 'read'), createApiKey('scoring', 'write')]
  const { keys } = parseApiKeys(made.map(({ entry }) => entry).join())
  const service = await startGuardedService({ level: 'trace', app: { apiKeys: keys } })

  for (const { key } of made) await service.app.inject({ url: READ, headers: bearer(key) })

  const lines = await service.sink.ended(2)
  expect(lines).toMatchObject([{ key: 'scoring' }, { key: 'scoring' }])
  for (const { key, entry } of made) {
    expect(service.sink.text()).not.toContain(key)
    expect(service.sink.text()).not.toContain(hashIn(entry))
  }
})

test('a request to /health names no key, even one that comes with it', async () => {
  const { lines } = await logOf([200, '', 'GET', '/health/live', ''], ({ readKey }) => bearer(readKey))

  expect(lines).toMatchObject([{ status: 200, operation: 'health.live' }])
  expect(lines[0]).not.toHaveProperty('key')
})
