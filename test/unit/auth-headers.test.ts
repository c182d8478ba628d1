import { expect, test } from 'vitest'
import { READ, repliesIn, startGuardedService, statusesIn, WRITE, WRITE_BODY } from '../support/guarded-service.ts'
import { requestText } from '../support/raw-client.ts'

// What some proxy, framework or service somewhere takes for the request's true path, method, address or user.
const headers: readonly (readonly [string, Record<string, string>])[] = [
  ['another path', { 'x-original-url': '/health/live', 'x-rewrite-url': '/health/live', 'x-original-uri': '/health/live' }],
  [
    'another path of a proxy',
    { 'x-forwarded-uri': '/health/live', 'x-forwarded-path': '/health/live', 'x-forwarded-prefix': '/..' },
  ],
  ['another method', { 'x-http-method-override': 'OPTIONS', 'x-http-method': 'HEAD', 'x-method-override': 'OPTIONS' }],
  ['an address of this machine', { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1', 'true-client-ip': '::1' }],
  ['a proxy', { forwarded: 'for=127.0.0.1;host=localhost;proto=https', 'x-forwarded-host': 'localhost', via: '1.1 localhost' }],
  ['another host', { host: 'localhost', 'x-host': 'localhost', 'x-forwarded-server': 'localhost' }],
  ['a user', { 'x-forwarded-user': 'admin', 'x-remote-user': 'admin', 'remote-user': 'admin', 'x-auth-request-user': 'admin' }],
  ['a certificate', { 'x-client-cert': 'CN=admin', 'x-ssl-client-verify': 'SUCCESS', 'x-client-verify': 'SUCCESS' }],
  ['a subrequest', { 'x-middleware-subrequest': 'middleware', 'x-internal': 'true', 'x-debug': '1' }],
  ['names of ours', { operation: 'health.live', access: 'open', scope: 'write', key: 'nightly-job', 'x-scope': 'write' }],
  ['names of Object’s own', { __proto__key: 'x', constructor: 'x', 'x-api-key': '__proto__' }],
  ['a preflight', { origin: 'https://app.example.com', 'access-control-request-method': 'POST' }],
  [
    'an upgrade to WebSocket',
    { connection: 'close, upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'eA==' },
  ],
  [
    'an upgrade to HTTP/2',
    { connection: 'close, upgrade, http2-settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQCAAAAAAIAAAAA' },
  ],
  ['that x-api-key is a header of this hop', { connection: 'close, x-api-key, authorization' }],
]

test.for(headers)('headers that tell of %s do not let in', async ([, given]) => {
  const service = await startGuardedService()

  const read = await service.exchange(requestText('GET', READ, { connection: 'close', ...given }))
  const written = await service.exchange(requestText('POST', WRITE, { connection: 'close', ...given }, WRITE_BODY))

  expect([...statusesIn(read), ...statusesIn(written)]).toEqual([401, 401])
  expect(service.dynamodb.calls()).toEqual([])
})

const chunked = `POST ${WRITE} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n`

/** Requests whose key stands where no header is, or where two readers of HTTP could see two requests. */
const wires: readonly (readonly [string, (key: string) => string])[] = [
  ['a trailer', (key) => `${chunked}trailer: x-api-key\r\n\r\nf\r\n${WRITE_BODY}\r\n0\r\nx-api-key: ${key}\r\n\r\n`],
  ['an extension of a chunk', (key) => `${chunked}\r\nf;x-api-key=${key}\r\n${WRITE_BODY}\r\n0\r\n\r\n`],
  ['a folded line', (key) => `GET ${READ} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-other: a\r\n x-api-key: ${key}\r\n\r\n`],
  [
    'a line that ends too soon',
    (key) => `GET ${READ} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-other: a\rx-api-key: ${key}\r\n\r\n`,
  ],
  ['a name with a space behind', (key) => `GET ${READ} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-api-key : ${key}\r\n\r\n`],
  ['the body', (key) => requestText('POST', WRITE, { connection: 'close' }, `{"x-api-key":"${key}","cat":{}}`)],
  [
    'a body with content-length and chunks',
    (key) =>
      `POST ${WRITE} HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n` +
      requestText('GET', READ, { 'x-api-key': key, connection: 'close' }),
  ],
  ['HTTP/1.0 without a host', () => `GET ${READ} HTTP/1.0\r\n\r\n`],
  ['HTTP/0.9', () => `GET ${READ}\r\n\r\n`],
]

test.for(wires)('a key in %s lets nobody in', async ([, wire]) => {
  const service = await startGuardedService()

  const received = await service.exchange(wire(service.writeKey))

  expect(repliesIn(received).length).toBeGreaterThan(0)
  expect(statusesIn(received).filter((status) => status !== 400 && status !== 401)).toEqual([])
  expect(service.dynamodb.calls()).toEqual([])
})
