import { expect, test } from 'vitest'
import { keyOf } from '../support/etsy-statsd.ts'
import { startHeldDynamoDB } from '../support/held-dynamodb.ts'
import { measuredRun, pick, valuesPer } from '../support/measured-run.ts'
import { openConnection, type RawClient, requestText } from '../support/raw-client.ts'
import { readFeature } from '../support/service-process.ts'

const READ = { method: 'GET', route: '/api/v1/get/item/{identifier}/{category}', endpoint: 'read.single_item', api_version: 'v1' }
const WRITE = { method: 'POST', route: '/api/v1/items/{identifier}', endpoint: 'write.multi_category', api_version: 'v1' }
const HUNG_UP = { status_code: '499', status_category: '4xx' }
const DONE = { status_code: '200', status_category: '2xx' }
const ABORTED = { ...HUNG_UP, error_type: 'aborted' }

const ITEM = '/api/v1/get/item/held/cat'
const ITEMS = '/api/v1/items/held'
const BODY = '{"cat":{"value":1}}'

const HANG_UPS = [
  ['closes its connection', 'hangUp'],
  ['resets its connection', 'reset'],
] as const

/** A client that has sent a request. */
async function send(url: string, request: string): Promise<RawClient> {
  const client = await openConnection(Number(new URL(url).port))
  client.send(request)
  return client
}

test.each(HANG_UPS)('a client that %s while the store works on its request is counted once, as aborted', async (_, hangUp) => {
  const dynamoDB = await startHeldDynamoDB()

  const { counters, timers } = await measuredRun(async ({ url, printed }) => {
    const requests = [1, 2, 3].map((number) =>
      requestText('GET', `/api/v1/get/item/held-${number}/cat`, { 'x-request-id': `read-${number}` }),
    )
    requests.push(requestText('POST', ITEMS, { 'x-request-id': 'write' }, BODY))
    const clients = await Promise.all(requests.map((request) => send(url, request)))
    await dynamoDB.holds(clients.length)
    for (const client of clients) client[hangUp]()
    for (const id of ['read-1', 'read-2', 'read-3', 'write']) await printed(new RegExp(`"request_id":"${id}"`))
    // The store's answers to those who left come all the same, and before the answer to a later one.
    dynamoDB.release()
    expect(await readFeature(url, 'held')).toBe(42)
  }, dynamoDB.env)

  expect(pick(counters, 'http.error.count')).toEqual({
    [keyOf('http.error.count', { ...READ, ...ABORTED })]: 3,
    [keyOf('http.error.count', { ...WRITE, ...ABORTED })]: 1,
  })
  const requests = {
    [keyOf('http.request.count', { ...READ, ...HUNG_UP })]: 3,
    [keyOf('http.request.count', { ...WRITE, ...HUNG_UP })]: 1,
    [keyOf('http.request.count', { ...READ, ...DONE })]: 1,
  }
  expect(pick(counters, 'http.request.count')).toEqual(requests)
  expect(pick(counters, 'http.success.count')).toEqual({ [keyOf('http.success.count', { ...READ, ...DONE })]: 1 })
  expect(valuesPer(timers, 'http.request.duration', 'http.request.count')).toEqual(requests)
  expect(counters[keyOf('http.response.size', { ...READ, ...HUNG_UP })]).toBe(0)
})

test.each(HANG_UPS)('a client that %s in the middle of its body is counted once, as aborted', async (_, hangUp) => {
  const { counters, timers } = await measuredRun(async ({ url, printed }) => {
    const headers = { 'content-length': '100', expect: '100-continue' }
    const client = await send(url, requestText('POST', ITEMS, headers, '{"cat"'))
    await client.received(/100 Continue/)
    client[hangUp]()
    await printed(/"route":"\/api\/v1\/items\/\{identifier\}"/)
  })

  const requests = { [keyOf('http.request.count', { ...WRITE, ...HUNG_UP })]: 1 }
  expect(pick(counters, 'http.request.count')).toEqual(requests)
  expect(pick(counters, 'http.error.count')).toEqual({ [keyOf('http.error.count', { ...WRITE, ...ABORTED })]: 1 })
  expect(pick(counters, 'http.success.count')).toEqual({})
  expect(valuesPer(timers, 'http.request.duration', 'http.request.count')).toEqual(requests)
})

test('a client that goes away after its answer is counted as answered', async () => {
  const { counters } = await measuredRun(async ({ url, printed }) => {
    const client = await send(url, requestText('GET', ITEM, { 'x-request-id': 'read' }))
    await client.received(/ITEM_NOT_FOUND.*}$/)
    client.reset()
    await printed(/"request_id":"read"/)
  })

  const answered = { ...READ, status_code: '404', status_category: '4xx' }
  expect(pick(counters, 'http.request.count')).toEqual({ [keyOf('http.request.count', answered)]: 1 })
  expect(pick(counters, 'http.error.count')).toEqual({ [keyOf('http.error.count', { ...answered, error_type: 'not_found' })]: 1 })
})
