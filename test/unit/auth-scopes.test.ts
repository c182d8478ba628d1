import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createApiKey, parseApiKeys } from '../../src/api-keys.ts'
import { expectWholeProblem } from '../support/expect-whole-problem.ts'
import {
  CHANGE,
  FILTER,
  FILTER_MANY,
  FILTER_MANY_BODY,
  READ,
  startGuardedService,
  WRITE,
  WRITE_BODY,
  WRITE_MANY,
  WRITE_MANY_BODY,
} from '../support/guarded-service.ts'
import { bearer } from '../support/key-holders.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const READS = [
  ['GET', READ, undefined],
  ['HEAD', READ, undefined],
  ['POST', FILTER, '{"cat":[]}'],
  ['GET', FILTER, undefined],
  ['HEAD', FILTER, undefined],
  ['POST', FILTER_MANY, FILTER_MANY_BODY],
] as const
const WRITES = [
  ['POST', WRITE, WRITE_BODY, ['UpdateItem']],
  ['POST', WRITE_MANY, WRITE_MANY_BODY, ['UpdateItem']],
  ['PATCH', CHANGE, '{"f":1}', ['UpdateItem']],
  ['DELETE', CHANGE, undefined, ['UpdateItem']],
  ['DELETE', WRITE, undefined, ['Query', 'UpdateItem']],
] as const

describe('a key of the scope read', () => {
  test.for(READS)('gets in to %s %s', async ([method, path, body]) => {
    const { app, readKey, dynamodb } = await startGuardedService()

    const reply = await app.inject({ method, url: path, headers: { ...JSON_TYPE, ...bearer(readKey) }, ...(body && { body }) })

    expect(reply.statusCode).toBe(200)
    expect(dynamodb.calls()).toHaveLength(1)
  })

  test.for(WRITES)('does not get in to %s %s: 403, with what is lacking, and nothing is asked of the store', async (given) => {
    const [method, path, body] = given
    const { app, readKey, dynamodb } = await startGuardedService()

    const reply = await app.inject({
      method,
      url: path,
      headers: { ...JSON_TYPE, 'x-api-key': readKey },
      ...(body && { body }),
    })

    const expected = { ...FORBIDDEN, instance: path }
    expectWholeProblem({ status: reply.statusCode, headers: reply.headers, json: reply.json() }, expected)
    expect(reply.headers['www-authenticate']).toMatch(/^Bearer realm="[^"]+", error="insufficient_scope", scope="write"$/)
    expect(dynamodb.calls()).toEqual([])
  })
})

const FORBIDDEN = {
  status: 403,
  code: 'FORBIDDEN',
  detail: 'This key may read; the request needs one that may write.',
} as const

describe('a key of the scope write', () => {
  test.for(READS)('gets in to %s %s', async ([method, path, body]) => {
    const { app, writeKey, dynamodb } = await startGuardedService()

    const reply = await app.inject({ method, url: path, headers: { ...JSON_TYPE, ...bearer(writeKey) }, ...(body && { body }) })

    expect(reply.statusCode).toBe(200)
    expect(dynamodb.calls()).toHaveLength(1)
  })

  test.for(WRITES)('gets in to %s %s', async ([method, path, body, operations]) => {
    const { app, writeKey, dynamodb } = await startGuardedService()

    const reply = await app.inject({ method, url: path, headers: { ...JSON_TYPE, ...bearer(writeKey) }, ...(body && { body }) })

    expect(reply.statusCode).toBe(200)
    expect(dynamodb.operations()).toEqual(operations)
  })
})

test('while a client changes its key, both of its keys get in, each with its own scope', async () => {
  const [before, after] = [createApiKey('scoring', 'write'), createApiKey('scoring', 'read')]
  const { keys } = parseApiKeys(`${before.entry}\n${after.entry}`)
  const { app } = await startGuardedService({ app: { apiKeys: keys } })

  const statuses = await Promise.all(
    [before, after].map(async ({ key }) => {
      const headers = { ...JSON_TYPE, ...bearer(key) }
      const read = await app.inject({ url: READ, headers })
      const written = await app.inject({ method: 'POST', url: WRITE, headers, body: WRITE_BODY })
      return [read.statusCode, written.statusCode]
    }),
  )

  expect(statuses).toEqual([
    [200, 200],
    [200, 403],
  ])
})

test('without keys in the configuration everybody gets in, whatever they present', async () => {
  const { app } = await startGuardedService({ app: { apiKeys: undefined } })

  const none = await app.inject({ method: 'POST', url: WRITE, headers: JSON_TYPE, body: WRITE_BODY })
  const some = await app.inject({ url: READ, headers: bearer('anything') })

  expect([none.statusCode, some.statusCode]).toEqual([200, 200])
})

test('an empty list of keys lets nobody in', async () => {
  const { app, readKey } = await startGuardedService({ app: { apiKeys: [] } })

  expect((await app.inject({ url: READ, headers: bearer(readKey) })).statusCode).toBe(401)
  expect((await app.inject({ url: READ })).statusCode).toBe(401)
})

// What a script writes into API_KEYS that hashes a variable which is not set.
test('the hash of nothing lets nobody in', async () => {
  const { keys } = parseApiKeys(`careless:write:${createHash('sha256').digest('hex')}`)
  const { app } = await startGuardedService({ app: { apiKeys: keys } })
  const attempts = [{}, { 'x-api-key': '' }, { authorization: '' }, { authorization: 'Bearer' }, { authorization: 'Bearer ' }]

  const replies = await Promise.all(attempts.map((headers) => app.inject({ url: READ, headers })))

  expect(replies.map(({ statusCode }) => statusCode)).toEqual(attempts.map(() => 401))
})
