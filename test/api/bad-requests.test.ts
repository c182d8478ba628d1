import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BODY, badHttp, POST_HEAD } from '../support/bad-http.ts'
import { BODY_LIMIT_BYTES, badRequests } from '../support/bad-requests.ts'
import { expectWholeProblem, type WholeReply } from '../support/expect-whole-problem.ts'
import { listenRaw } from '../support/raw-http.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const JSON_TYPE = { 'content-type': 'application/json' }

let service: TestService
let sendRaw: Awaited<ReturnType<typeof listenRaw>>

beforeAll(async () => {
  service = await startTestService({ app: { bodyLimitBytes: BODY_LIMIT_BYTES } })
  sendRaw = await listenRaw(service.app)
  await service.write('victim', { cat: { f: 1 } }, 'bright_uid')
  await service.write('victim', { cat: { f: 2 } }, 'account_id')
})

afterAll(async () => {
  await service.close()
})

/** Any method, any headers, and no content type unless given. */
async function inject(method: string, url: string, headers: Record<string, string> = {}, payload?: string): Promise<WholeReply> {
  const reply = await service.app.inject({ method: method as 'GET', url, headers, ...(payload === undefined ? {} : { payload }) })
  return { status: reply.statusCode, headers: reply.headers, json: reply.body === '' ? undefined : reply.json() }
}

describe('a bad request answers its status and code and leaves both tables byte for byte as they were', () => {
  test.for(badRequests.map((bad) => [bad.why, bad] as const))('%s', async ([, bad]) => {
    const before = await service.dump()

    const headers = bad.contentType === undefined ? {} : { 'content-type': bad.contentType }
    const reply = await service.request(bad.method, bad.path, bad.body, headers)

    const { status, code, detail } = bad
    expectWholeProblem(reply, {
      status,
      code,
      instance: bad.path.split('?')[0] ?? '',
      ...(detail === undefined ? {} : { detail }),
    })
    if (bad.at !== undefined) expect(reply.json).toHaveProperty('errors.0.path', bad.at)
    expect(await service.dump()).toBe(before)
  })
})

test('an item that is not stored answers 404 with its exact detail', async () => {
  const reply = await service.read('victim', 'absent')

  expectWholeProblem(reply, {
    status: 404,
    code: 'ITEM_NOT_FOUND',
    instance: '/api/v1/get/item/victim/absent',
    detail: 'Item not found',
  })
})

test('every fault of a body is named, up to a bound, with its place', async () => {
  const reply = await service.write('victim', '{"a":null,"b":{"x":[1e400]},"c":{"":1}}')

  expectWholeProblem(reply, { status: 422, code: 'VALIDATION_FAILED' })
  const { errors } = reply.json as { errors: { path: string }[] }
  expect(errors.map(({ path }) => path)).toStrictEqual(['$.a', '$.b.x[0]', "$.c['']"])
})

test('a body of exactly the limit is read, one byte more is not', async () => {
  const padded = (bytes: number) => '{"cat":["f"]}'.padEnd(bytes, ' ')

  const atLimit = await service.filter('victim', padded(BODY_LIMIT_BYTES))
  const over = await service.filter('victim', padded(BODY_LIMIT_BYTES + 1))

  expect(atLimit.status).toBe(200)
  expectWholeProblem(over, { status: 413, code: 'BODY_TOO_LARGE' })
})

test.for(['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/json;charset=UTF-8', 'application/json '])(
  'content-type %j is JSON',
  async (contentType) => {
    const reply = await service.request('POST', '/api/v1/get/item/victim', { cat: [] }, { 'content-type': contentType })

    expect(reply.status).toBe(200)
  },
)

test.for(['/api/v1/items/victim', '/api/v1/get/item/victim'])('a body without a content type to %s answers 415', async (url) => {
  const before = await service.dump()

  const reply = await inject('POST', url, {}, '{"cat":{}}')

  expectWholeProblem(reply, { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE', instance: url })
  expect(await service.dump()).toBe(before)
})

test.for([
  ['/api/v1/items/victim', 'Body cannot be empty'],
  ['/api/v1/get/item/victim', 'Mapping body cannot be empty'],
] as const)('a post to %s with neither body nor content type answers 400', async ([url, detail]) => {
  const reply = await inject('POST', url)

  expectWholeProblem(reply, { status: 400, code: 'EMPTY_BODY', instance: url, detail })
})

const UNKNOWN_ROUTES = ['/', '/api/v1', '/api/v1/get', '/api/v2/items/a', '/api/v1/items/a/b/c', '/api/v1/get/item/a/b/c']
const MORE_UNKNOWN_ROUTES = ['/API/v1/items/a', '/health', '/health/live/', '/favicon.ico', '/docs/nope', '/docs/static/nope.js']

test.for([...UNKNOWN_ROUTES, ...MORE_UNKNOWN_ROUTES])('GET %s, which is no route, answers 404', async (url) => {
  const reply = await inject('GET', url)

  expectWholeProblem(reply, { status: 404, code: 'ROUTE_NOT_FOUND', instance: url })
})

test.for([
  ['text/plain', 'hello'],
  ['application/json', '{"malformed'],
  ['application/json', ''],
  ['application/json', `"${'x'.repeat(BODY_LIMIT_BYTES)}"`],
] as const)('what is posted to no route, %s, does not matter: 404', async ([contentType, payload]) => {
  const reply = await inject('POST', '/api/v1/nowhere', { 'content-type': contentType }, payload)

  expectWholeProblem(reply, { status: 404, code: 'ROUTE_NOT_FOUND', instance: '/api/v1/nowhere' })
})

const ROUTES: [string, string[]][] = [
  ['/api/v1/items', ['POST']],
  ['/api/v1/items/a%2Fb%20%F0%9F%98%80', ['DELETE', 'POST']],
  ['/api/v1/items/victim/cat', ['DELETE', 'PATCH']],
  ['/api/v1/get/items', ['POST']],
  ['/api/v1/get/item/victim', ['GET', 'HEAD', 'POST']],
  ['/api/v1/get/item/victim/cat', ['GET', 'HEAD']],
  ['/health/live', ['GET', 'HEAD']],
  ['/health/ready', ['GET', 'HEAD']],
  ['/openapi.json', ['GET', 'HEAD']],
]
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']
const WRONG_METHODS = ROUTES.flatMap(([url, allow]) =>
  METHODS.filter((method) => !allow.includes(method)).map((method) => [method, url, allow] as const),
)

test.for(WRONG_METHODS)('%s %s answers 405 with what is allowed', async ([method, url, allow]) => {
  const before = await service.dump()

  const reply = await inject(method, `${url}?table_type=bright_uid`)

  expectWholeProblem(reply, { status: 405, code: 'METHOD_NOT_ALLOWED', instance: url })
  expect(String(reply.headers.allow).split(', ').toSorted()).toStrictEqual(allow)
  expect(await service.dump()).toBe(before)
})

test.for([
  ['text/plain', 'hello'],
  ['application/json', '{"malformed'],
] as const)('a wrong method answers 405 whatever its body, %s', async ([contentType, payload]) => {
  const reply = await inject('PUT', '/api/v1/items/victim', { 'content-type': contentType }, payload)

  expectWholeProblem(reply, { status: 405, code: 'METHOD_NOT_ALLOWED', instance: '/api/v1/items/victim' })
})

test('HEAD on a route that only takes POST answers 405 with no body', async () => {
  const reply = await inject('HEAD', '/api/v1/get/items')

  expect(reply).toMatchObject({ status: 405, headers: { allow: 'POST' }, json: undefined })
})

describe('x-request-id', () => {
  const REQUESTS: [string, string, string][] = [
    ['a reply', 'GET', '/api/v1/get/item/victim/cat'],
    ['a 404', 'GET', '/api/v1/get/item/victim/absent'],
    ['an unknown route', 'GET', '/nowhere'],
    ['a wrong method', 'PUT', '/api/v1/items/victim'],
    ['a wrong content type', 'POST', '/api/v1/items/victim'],
    ['a bad URL', 'GET', '/api/v1/get/item/%zz/cat'],
  ]

  test.for(REQUESTS)('is kept on %s', async ([, method, url]) => {
    const reply = await inject(
      method,
      url,
      { 'x-request-id': 'Mine-1_2.3', 'content-type': 'text/plain' },
      method === 'POST' ? 'x' : undefined,
    )

    expect(reply.headers['x-request-id']).toBe('Mine-1_2.3')
    if (reply.status >= 400) expect(reply.json).toHaveProperty('request_id', 'Mine-1_2.3')
  })

  test.for(REQUESTS)('is a new UUID on %s when it is not valid', async ([, method, url]) => {
    const reply = await inject(method, url, { 'x-request-id': 'not valid!' })

    expect(reply.headers['x-request-id']).toMatch(UUID)
  })

  test.for(['a', 'A'.repeat(128), '0', '-._'])('%j is kept', async (id) => {
    const reply = await inject('GET', '/health/live', { 'x-request-id': id })

    expect(reply.headers['x-request-id']).toBe(id)
  })

  test.for(['', ' ', 'A'.repeat(129), 'a b', 'a/b', 'a,b', 'é', '<script>', 'a\tb', 'a:b'])('%j is replaced', async (id) => {
    const reply = await inject('GET', '/health/live', { 'x-request-id': id })

    expect(reply.headers['x-request-id']).toMatch(UUID)
  })

  test('given twice is replaced', async () => {
    const reply = await sendRaw(
      'GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-request-id: a\r\nx-request-id: b\r\n\r\n',
    )

    expect(reply.headers['x-request-id']).toMatch(UUID)
  })

  test('is new for every request', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => inject('GET', '/health/live')))

    expect(new Set(replies.map(({ headers }) => headers['x-request-id'])).size).toBe(20)
  })
})

describe('what is no proper HTTP answers a problem and leaves the tables as they were', () => {
  test.for(badHttp)('%s', async ([, bytes, expected, cutOff = false]) => {
    const before = await service.dump()

    const reply = await sendRaw(bytes, { cutOff })

    expectWholeProblem(reply, expected)
    expect(reply.headers['x-request-id']).toMatch(UUID)
    expect(await service.dump()).toBe(before)
  })

  test('a body longer than content-length is not written as far as it goes', async () => {
    const before = await service.dump()

    const reply = await sendRaw(`${POST_HEAD}content-length: 10\r\n\r\n${BODY}`)

    expect(reply.status).toBe(400)
    expect(await service.dump()).toBe(before)
  })

  test('a content-length that does not fit the body, which a proxy may let pass, answers 400', async () => {
    const before = await service.dump()

    const reply = await inject('POST', '/api/v1/items/victim', { ...JSON_TYPE, 'content-length': '10' }, BODY)

    expectWholeProblem(reply, { status: 400, code: 'MALFORMED_REQUEST', instance: '/api/v1/items/victim' })
    expect(await service.dump()).toBe(before)
  })
})

test('a whole write with garbage after it on the connection is stored and gets its own answer first', async () => {
  const reply = await sendRaw(
    `${POST_HEAD.replace('victim', 'followed')}content-length: ${BODY.length}\r\n\r\n${BODY}garbage\r\n\r\n`,
  )

  expect(reply.status).toBe(200)
  expect((await service.read('followed', 'cat')).status).toBe(200)
})
