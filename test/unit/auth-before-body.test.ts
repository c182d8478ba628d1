import { describe, expect, test } from 'vitest'
import {
  CHANGE,
  FILTER,
  type GuardedService,
  startGuardedService,
  statusesIn,
  WRITE,
  WRITE_BODY,
} from '../support/guarded-service.ts'
import { bearer } from '../support/key-holders.ts'
import { openConnection, requestText } from '../support/raw-client.ts'
import { fetchWhole } from '../support/watched-app.ts'

const REPLY = /^HTTP\/1\.1 (\d{3}) [\s\S]*\}$/

/** The head of a POST whose body is to come. */
function headOf(target: string, headers: Record<string, string>, body: Record<string, string> = { 'content-length': '100' }) {
  return requestText('POST', target, { 'content-type': 'application/json', ...body, ...headers })
}

describe('while the body does not come, the answer is at once', () => {
  const cases: readonly (readonly [number, string, (service: GuardedService) => Promise<string> | string])[] = [
    [401, 'without a key', () => headOf(WRITE, {})],
    [401, 'without a key, in chunks', () => headOf(WRITE, {}, { 'transfer-encoding': 'chunked' })],
    [401, 'without a key, of a size beyond any limit', () => headOf(WRITE, {}, { 'content-length': '99999999999' })],
    [401, 'with a wrong key', () => headOf(WRITE, bearer('fs_wrong'))],
    [401, 'without a key, to nowhere', () => headOf('/no/such/route', {})],
    [403, 'with a key that may not write', ({ readKey }) => headOf(WRITE, bearer(readKey))],
    [403, 'with a key that may not merge', ({ readKey }) => headOf(CHANGE, bearer(readKey)).replace('POST', 'PATCH')],
    [403, 'with a key that may not delete', ({ readKey }) => headOf(CHANGE, bearer(readKey)).replace('POST', 'DELETE')],
    [404, 'with a key, to nowhere', ({ readKey }) => headOf('/no/such/route', bearer(readKey))],
  ]

  test.for(cases)('%i %s', async ([status, , head]) => {
    const service = await startGuardedService()
    const client = await openConnection(service.port)

    client.send(await head(service))

    expect(statusesIn(await client.received(REPLY))).toEqual([status])
  })

  test('429 beyond the rate limit', async () => {
    const { app, port, readKey } = await startGuardedService({ app: { rateLimitPerMinute: 1 } })
    await app.inject({ method: 'POST', url: FILTER, headers: bearer(readKey), payload: { cat: [] } })
    const client = await openConnection(port)

    client.send(headOf(FILTER, bearer(readKey)))

    expect(statusesIn(await client.received(REPLY))).toEqual([429])
  })
})

describe('who asks whether to send the body (Expect: 100-continue)', () => {
  test('is told no by the answer itself, where it does not get in', async () => {
    const { port } = await startGuardedService()
    const client = await openConnection(port)

    client.send(headOf(WRITE, { expect: '100-continue' }))

    expect(statusesIn(await client.received(/\}$/))).toEqual([401])
  })

  test('is told yes where it gets in, and is answered when the body has come', async () => {
    const { port, writeKey, dynamodb } = await startGuardedService()
    const client = await openConnection(port)

    const length = { 'content-length': String(WRITE_BODY.length) }
    client.send(headOf(WRITE, { ...bearer(writeKey), ...length, expect: '100-continue' }))
    await client.received(/^HTTP\/1\.1 100 Continue\r\n\r\n/)
    client.send(WRITE_BODY)

    expect(statusesIn(await client.received(/\}$/))).toEqual([100, 200])
    expect(dynamodb.operations()).toEqual(['UpdateItem'])
  })
})

describe('with a wrong key, nobody looks at the body:', () => {
  const LARGE = `{"cat":"${'x'.repeat(4_000_000)}"}`

  test.for([
    ['4 MB', LARGE, 'application/json', ''],
    ['more than a body may be', LARGE + LARGE, 'application/json', ''],
    ['what is no JSON', '{"cat":', 'application/json', ''],
    ['another type', '<cat/>', 'text/xml', ''],
    ['no type that there is', WRITE_BODY, '?', ''],
    ['a table that there is not', WRITE_BODY, 'application/json', '?table_type=users'],
  ] as const)('%s', async ([, body, type, query]) => {
    const { url, sink, dynamodb, finalRequests } = await startGuardedService({ level: 'debug' })
    const headers = { 'content-type': type, ...bearer('fs_wrong') }

    const { status, text } = await fetchWhole(url + WRITE + query, { method: 'POST', headers, body })

    await finalRequests()
    expect({ status, ...JSON.parse(text) }).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
    expect(sink.lines().filter(({ msg }) => msg === 'request body')).toEqual([])
    expect(dynamodb.calls()).toEqual([])
  })
})
