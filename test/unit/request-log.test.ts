import { expect, test } from 'vitest'
import { ServiceError } from '../../src/errors.ts'
import { beginStoreCall, endStoreCall } from '../../src/request-scope.ts'
import { openConnection, requestText } from '../support/raw-client.ts'
import { fetchWhole, startWatchedApp } from '../support/watched-app.ts'

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

test('a line tells who asked, for what, how it ended, how long it took, and nothing else', async () => {
  const app = await startWatchedApp((bare) =>
    bare.get('/api/v1/get/item/:identifier/:category', { config: { operation: 'read.single_item' } }, async (request) => {
      request.work.subject = { tableType: 'bright_uid', categories: 1 }
      beginStoreCall(request.work, performance.now())
      endStoreCall(request.work, performance.now())
      return 'twelve bytes'
    }),
  )

  const reply = await fetchWhole(`${app.url}/api/v1/get/item/user123/cat?table_type=bright_uid`, {
    headers: { 'user-agent': 'a-batch-job/1.2' },
  })

  const [line] = await app.finalRequests()
  expect(line).toStrictEqual({
    level: 'info',
    time: expect.stringMatching(ISO_TIME),
    name: 'test',
    request_id: reply.headers.get('x-request-id'),
    method: 'GET',
    route: '/api/v1/get/item/{identifier}/{category}',
    url: '/api/v1/get/item/user123/cat?table_type=bright_uid',
    operation: 'read.single_item',
    status: 200,
    duration_ms: expect.any(Number),
    bytes: 12,
    client_ip: '127.0.0.1',
    user_agent: 'a-batch-job/1.2',
    table_type: 'bright_uid',
    categories: 1,
    dynamodb_calls: 1,
    dynamodb_ms: expect.any(Number),
    msg: 'request completed',
  })
  expect(Number(line?.duration_ms)).toBeGreaterThan(0)
  expect(Number(line?.dynamodb_ms)).toBeLessThanOrEqual(Number(line?.duration_ms))
})

test('a request that was refused before its checks has a line without a subject, and with the reason', async () => {
  const app = await startWatchedApp((bare) =>
    bare.get('/', async () => {
      throw new ServiceError('VALIDATION_FAILED', 'identifier: must not be empty')
    }),
  )

  await fetchWhole(app.url)

  const [line] = await app.finalRequests()
  expect(line).toMatchObject({ status: 422, error_code: 'VALIDATION_FAILED', reason: 'identifier: must not be empty' })
  expect(line).toMatchObject({ dynamodb_calls: 0, dynamodb_ms: 0 })
  expect(line).not.toHaveProperty('table_type')
  expect(line).not.toHaveProperty('categories')
  expect(line).not.toHaveProperty('err')
})

test('a success has neither error_code nor reason, and is neither slow nor aborted', async () => {
  const app = await startWatchedApp((bare) => bare.get('/', async () => 'done'))

  await fetchWhole(app.url)

  const [line] = await app.finalRequests()
  for (const field of ['error_code', 'reason', 'err', 'slow', 'aborted']) expect(line).not.toHaveProperty(field)
})

test('a path that no route has is "unmatched", with its URL beside it', async () => {
  const app = await startWatchedApp(() => {})

  await fetchWhole(`${app.url}/no/such/path`)

  expect(await app.finalRequests()).toMatchObject([
    { route: 'unmatched', operation: 'unmatched', url: '/no/such/path', status: 404, level: 'warn' },
  ])
})

test('a HEAD sends no bytes', async () => {
  const app = await startWatchedApp((bare) => bare.get('/', async () => 'twelve bytes'))

  const reply = await fetchWhole(app.url, { method: 'HEAD' })

  expect(reply.headers.get('content-length')).toBe('12')
  expect(await app.finalRequests()).toMatchObject([{ method: 'HEAD', route: '/', status: 200, bytes: 0 }])
})

test('bytes are bytes, not characters', async () => {
  const app = await startWatchedApp((bare) => bare.get('/', async () => 'ééé€'))

  await fetchWhole(app.url)

  expect(await app.finalRequests()).toMatchObject([{ bytes: 9 }])
})

test("the client's own request id is the line's", async () => {
  const app = await startWatchedApp((bare) => bare.get('/', async () => 'done'))

  const reply = await fetchWhole(app.url, { headers: { 'x-request-id': 'asked.by-me_1' } })

  expect(reply.headers.get('x-request-id')).toBe('asked.by-me_1')
  expect(await app.finalRequests()).toMatchObject([{ request_id: 'asked.by-me_1' }])
})

test('a request without a user agent has a line without one', async () => {
  const app = await startWatchedApp((bare) => bare.get('/', async () => 'done'))
  const client = await openConnection(app.port)

  client.send(requestText('GET', '/', { connection: 'close' }))
  await client.all()

  const [line] = await app.finalRequests()
  expect(line).toMatchObject({ status: 200 })
  expect(line).not.toHaveProperty('user_agent')
})
