import { describe, expect, test } from 'vitest'
import { badHttp, POST_HEAD } from '../support/bad-http.ts'
import { startLoggedService } from '../support/logged-service.ts'
import { startMetrics } from '../support/metrics-to-receiver.ts'
import { openConnection, requestText } from '../support/raw-client.ts'
import { startWatchedApp } from '../support/watched-app.ts'

const STATUS = /HTTP\/1\.1 (\d{3}) /
const REQUEST_ID = /x-request-id: ([\w.-]+)\r\n/i

/** What a client reads that sends these bytes, and the wide lines that there are of it. */
async function answerTo(bytes: string, cutOff = false) {
  const service = await startLoggedService()
  const client = await openConnection(service.port)
  client.send(bytes)
  if (cutOff) client.endSending()
  const received = await client.all()
  const lines = await service.finalRequests()
  return { status: Number(STATUS.exec(received)?.[1]), id: REQUEST_ID.exec(received)?.[1], received, lines }
}

describe('bytes that the parser cannot read have one line, with the status and id that the client read', () => {
  test.for(badHttp.filter(([, , , cutOff]) => !cutOff))('%s', async ([, bytes, { code }]) => {
    const { status, id, received, lines } = await answerTo(bytes)

    expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    expect(id).toBeDefined()
    expect(lines).toMatchObject([{ level: 'warn', status, request_id: id, error_code: code, client_ip: '127.0.0.1' }])
    expect(lines[0]).not.toHaveProperty('aborted')
  })

  // Nobody can tell a client that only ended its side from one that has gone: it is answered, and counts as gone.
  test.for(badHttp.filter(([, , , cutOff]) => cutOff))('%s, as a hang-up whose id the client may read', async ([, bytes]) => {
    const { status, id, lines } = await answerTo(bytes, true)

    expect(status).toBe(400)
    expect(lines).toMatchObject([{ level: 'warn', status: 499, aborted: true, client_ip: '127.0.0.1' }])
    expect(lines).toMatchObject([{ request_id: id }])
  })

  test('where the request line was not read, the line names no route', async () => {
    const { lines } = await answerTo('HELLO\r\n\r\n')

    expect(lines).toMatchObject([
      { method: 'unknown', route: 'unmatched', operation: 'unmatched', url: '', bytes: expect.any(Number) },
    ])
  })

  test('where only the body was not read, the line names the route', async () => {
    const { lines } = await answerTo(`${POST_HEAD}transfer-encoding: chunked\r\n\r\nzz\r\n`)

    expect(lines).toMatchObject([
      { method: 'POST', route: '/api/v1/items/{identifier}', url: '/api/v1/items/victim', status: 400 },
    ])
  })
})

test.for([
  ['a URL that is no UTF-8', '/%zz', 400, 'MALFORMED_URL'],
  ['half an escape', '/api/v1/get/item/%e2%82/cat', 400, 'MALFORMED_URL'],
  ['a path that no route has', '/no/such/route', 404, 'ROUTE_NOT_FOUND'],
  ['a method that no route has', '/health/live', 405, 'METHOD_NOT_ALLOWED'],
] as const)('%s has one line, with the status and id that the client read', async ([, target, expected, code]) => {
  const method = expected === 405 ? 'DELETE' : 'GET'

  const { status, id, lines } = await answerTo(requestText(method, target, { connection: 'close' }))

  expect(status).toBe(expected)
  expect(lines).toMatchObject([{ level: 'warn', status, request_id: id, route: 'unmatched', url: target, error_code: code }])
})

// Node answers these by itself, unless it is told otherwise.
test.for([
  ['without a host', 'GET /api/v1/get/item/user123/cat HTTP/1.1\r\nconnection: close\r\n\r\n'],
  [
    'with an expectation that nobody meets',
    requestText('GET', '/api/v1/get/item/user123/cat', { expect: 'wonders', connection: 'close' }),
  ],
] as const)('a request %s has one line, with the status and id that the client read', async ([, bytes]) => {
  const { status, id, lines } = await answerTo(bytes)

  expect(lines).toMatchObject([{ status }])
  expect(lines).toMatchObject([{ request_id: id }])
})

test.for([
  ['not HTTP', 'HELLO\r\n\r\n', { method: 'unknown', route: 'unmatched' }],
  [
    'HTTP up to its body',
    `${requestText('POST', '/items', { 'transfer-encoding': 'chunked' })}zz\r\n`,
    { method: 'POST', route: '/items' },
  ],
] as const)('what is %s is counted once, as a bad request', async ([, bytes, tags]) => {
  const { metrics, sent } = await startMetrics({ format: 'dogstatsd' })
  const app = await startWatchedApp((bare) => bare.post('/items', async () => 'done'), { metrics })
  const client = await openConnection(app.port)

  client.send(bytes)
  await client.all()
  await app.finalRequests()

  const counters = (await sent()).filter(({ type }) => type === 'c')
  const bad = { ...tags, status_code: '400', error_type: 'bad_request' }
  const errors = counters.filter(({ name }) => name.endsWith('http.error.count'))
  expect(errors).toMatchObject([{ value: 1, tags: bad }])
  expect(counters).toHaveLength(2)
})

test('a whole request and garbage after it on one connection have a line each', async () => {
  const whole = requestText('GET', '/api/v1/get/item/user123/cat', { 'x-request-id': 'whole' })

  const { lines } = await answerTo(`${whole}HELLO\r\n\r\n`)

  const byStatus = lines.toSorted((a, b) => Number(b.status) - Number(a.status))
  expect(byStatus).toMatchObject([
    { status: 404, request_id: 'whole', client_ip: '127.0.0.1', operation: 'read.single_item' },
    { status: 400, client_ip: '127.0.0.1', operation: 'unmatched' },
  ])
  expect(byStatus[1]?.request_id).not.toBe('whole')
})

test('garbage on a connection that was used before has a line of its own, and not the last request’s', async () => {
  const service = await startLoggedService()
  const client = await openConnection(service.port)
  client.send(requestText('GET', '/api/v1/get/item/user123/cat'))
  await client.received(/404 Not Found[\s\S]*\}/)
  await service.sink.ended(1)

  client.send('HELLO\r\n\r\n')
  await client.all()

  expect(await service.finalRequests()).toMatchObject([
    { status: 404, route: '/api/v1/get/item/{identifier}/{category}' },
    { status: 400, route: 'unmatched' },
  ])
})

test.for([
  ['headers that never end', 'GET / HTTP/1.1\r\nhost: x\r\n', 'unmatched'],
  ['a body that never ends', requestText('POST', '/items', { 'content-length': '100' }, '{"half":'), '/items'],
] as const)('%s: one line, with the status and id that the client read', async ([, bytes, route]) => {
  const app = await startWatchedApp((bare) => bare.post('/items', async () => 'done'), { arrivalTimeoutMs: 50 })
  const client = await openConnection(app.port)

  client.send(bytes)
  const received = await client.all()

  expect(received).toMatch(/^HTTP\/1\.1 408 /)
  const id = REQUEST_ID.exec(received)?.[1]
  const line = { level: 'warn', status: 408, error_code: 'REQUEST_TIMEOUT', request_id: id, route, client_ip: '127.0.0.1' }
  expect(await app.finalRequests()).toMatchObject([line])
  expect(app.inFlight()).toBe(0)
})
