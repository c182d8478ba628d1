import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startMetricReceiver } from '../support/metric-receiver.ts'
import { logOf, logToItsEnd, PRODUCTION, requestsOf } from '../support/production-log.ts'
import { requestText } from '../support/raw-client.ts'
import { startService, writeFeature } from '../support/service-process.ts'

const SECRET = 'S3CRET'
// The port for what is thrown away: nobody listens on it.
const NO_DYNAMODB = 'http://127.0.0.1:9'

test('a failure of ours is in the log once, in the line of its request, with the stack', async () => {
  const lines = await logOf({ DYNAMODB_ENDPOINT: NO_DYNAMODB }, async (url) => {
    expect((await fetch(`${url}/api/v1/get/item/user123/cat`)).status).toBe(503)
  })

  const stack = expect.stringMatching(/^StoreError: [\s\S]*\n {4}at [\s\S]*caused by: [\s\S]*ECONNREFUSED/)
  expect(requestsOf(lines)).toMatchObject([{ level: 'error', status: 503, error_code: 'STORE_UNAVAILABLE', err: { stack } }])
  expect(lines.filter((line) => line.request_id !== undefined)).toHaveLength(1)
})

test('a request over SLOW_REQUEST_MS is said to be slow', async () => {
  const lines = await logOf({ SLOW_REQUEST_MS: '1' }, (url) => writeFeature(url, 'user123', 1))

  const [line] = requestsOf(lines)
  expect(line?.slow === true).toBe(Number(line?.duration_ms) > 1)
  expect(line?.level).toBe(line?.slow ? 'warn' : 'info')
})

test.for([
  ['127.0.0.1', 'false'],
  ['203.0.113.7', 'loopback'],
] as const)('the client is %s where TRUST_PROXY is %s', async ([address, TRUST_PROXY]) => {
  const headers = { 'x-forwarded-for': '203.0.113.7' }

  const lines = await logOf({ TRUST_PROXY }, (url) => fetch(`${url}/api/v1/get/item/user123/nothing`, { headers }))

  expect(requestsOf(lines)).toMatchObject([{ client_ip: address }])
})

test('bodies are in the log at debug, and at info none is', async () => {
  const send = (url: string) => writeFeature(url, 'user123', SECRET)

  const debug = await logOf({ LOG_LEVEL: 'debug' }, send)
  const info = await logOf({}, send)

  expect(debug.find((line) => line.msg === 'request body')).toMatchObject({ body: expect.stringContaining(SECRET) })
  expect(JSON.stringify(info)).not.toContain(SECRET)
})

test('in development a request is one short line', async () => {
  const service = await startService({ ...PRODUCTION, ENVIRONMENT: 'development' })
  await writeFeature(service.url, 'user123', 1)

  const [line] = await service.printed(/^.* 200 [\d.]+ ms.*$/m)

  expect(line).toMatch(
    /^\[[\d:.]+\] INFO: POST \/api\/v1\/items\/user123 200 [\d.]+ ms, DynamoDB [\d.]+ ms \(1 call\) \[[\w.-]{8}\]$/,
  )
})

/** Sends half a write to a service, and returns when the service has begun to wait for the rest. */
async function sendHalfAWrite(url: string): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  // It is the service that breaks it off.
  socket.on('error', () => {})
  onTestFinished(() => {
    socket.destroy()
  })
  socket.write(requestText('POST', '/api/v1/items/user123', { 'content-length': '100', expect: '100-continue' }, '{'))
  await once(socket, 'data')
}

test('a request that is cut off by the end of the service has its line all the same', async () => {
  const service = await startService({ ...PRODUCTION, STATSD_HOST: 'off' })
  await sendHalfAWrite(service.url)

  const lines = await logToItsEnd(service)

  expect(requestsOf(lines)).toMatchObject([{ method: 'POST', route: '/api/v1/items/{identifier}', status: 499 }])
})

test('a request that is cut off by the end of the service is counted all the same', async () => {
  const receiver = await startMetricReceiver('dogstatsd')
  const service = await startService({ ...PRODUCTION, STATSD_HOST: receiver.host, STATSD_PORT: String(receiver.port) })
  await sendHalfAWrite(service.url)

  await logToItsEnd(service)

  const errors = (await receiver.all()).filter(({ name }) => name === 'feature_store.http.error.count')
  expect(errors).toMatchObject([{ value: 1, tags: { status_code: '499', error_type: 'aborted' } }])
})
