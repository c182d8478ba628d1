import type { FastifyInstance } from 'fastify'
import { describe, expect, test } from 'vitest'
import { createGate } from '../support/gate.ts'
import { PREFIX, startMetrics } from '../support/metrics-to-receiver.ts'
import { openConnection, requestText } from '../support/raw-client.ts'
import { startWatchedApp } from '../support/watched-app.ts'

// More than the system's buffers of one connection hold.
const LARGE = 'x'.repeat(32 * 1024 * 1024)
const HALF_A_BODY = requestText('POST', '/waits', { 'content-length': '1000' }, '{"half":')

/** Routes that stop at the gate, and one whose reply is long on its way. */
function routesAt(gate: ReturnType<typeof createGate>) {
  return (app: FastifyInstance) => {
    const wait = async () => {
      await gate.arrive()
      return 'too late'
    }
    app.get('/waits', wait)
    app.post('/waits', wait)
    app.get('/large', async () => LARGE)
  }
}

/** A client that has sent this much, and hangs up when the server has got so far. */
async function hangingUp(
  bytes: string,
  { until, how = 'hangUp' }: { until: 'handler' | 'headers' | 'reply'; how?: 'hangUp' | 'reset' },
) {
  const { metrics, sent } = await startMetrics({ format: 'dogstatsd' })
  const gate = createGate()
  const headers = createGate()
  headers.open()
  const app = await startWatchedApp(
    (bare) => {
      bare.addHook('onRequest', () => headers.arrive())
      routesAt(gate)(bare)
    },
    { metrics },
  )
  const client = await openConnection(app.port)
  client.send(bytes)
  if (until === 'handler') await gate.arrived
  if (until === 'headers') await headers.arrived
  if (until === 'reply') {
    await client.received(/200 OK/)
    client.stopReading()
  }
  client[how]()
  await app.sink.ended(1)
  gate.open()
  const lines = await app.finalRequests()
  const counters = (await sent()).filter(({ type }) => type === 'c')
  return { lines, counters, inFlight: app.inFlight() }
}

const GET = requestText('GET', '/waits')
const POST = requestText('POST', '/waits', {}, '{"all":"there"}')

describe.for([
  ['while a GET waits in its handler', GET, { until: 'handler', how: 'hangUp' }],
  ['by a reset while a GET waits in its handler', GET, { until: 'handler', how: 'reset' }],
  // Fastify's onRequestAbort tells of no hang-up once the body was read.
  ['while a POST waits in its handler, its body read', POST, { until: 'handler', how: 'hangUp' }],
  ['by a reset while a POST waits in its handler, its body read', POST, { until: 'handler', how: 'reset' }],
  ['in the middle of its body', HALF_A_BODY, { until: 'headers', how: 'hangUp' }],
  ['by a reset in the middle of its body', HALF_A_BODY, { until: 'headers', how: 'reset' }],
  ['while a large reply is on its way', requestText('GET', '/large'), { until: 'reply', how: 'hangUp' }],
  ['by a reset while a large reply is on its way', requestText('GET', '/large'), { until: 'reply', how: 'reset' }],
] as const)('a client that hangs up %s', ([, bytes, moment]) => {
  test('has one line, a warning with status 499', async () => {
    const { lines, inFlight } = await hangingUp(bytes, moment)

    expect(lines).toMatchObject([{ level: 'warn', status: 499, aborted: true, bytes: 0, route: expect.stringMatching(/^\//) }])
    expect(inFlight).toBe(0)
  })

  test('is counted once, as aborted', async () => {
    const { counters } = await hangingUp(bytes, moment)

    const tags = expect.objectContaining({ status_code: '499', status_category: '4xx' })
    expect(counters.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toMatchObject([
      { name: `${PREFIX}.http.error.count`, value: 1, tags: { error_type: 'aborted' } },
      { name: `${PREFIX}.http.request.count`, value: 1, tags },
    ])
  })

  test('is named by its address in its line', async () => {
    const { lines } = await hangingUp(bytes, moment)

    expect(lines).toMatchObject([{ client_ip: '127.0.0.1' }])
  })
})

test('requests that wait for their turn on a connection are all told of when its client hangs up', async () => {
  const gate = createGate(3)
  const app = await startWatchedApp(routesAt(gate))
  const client = await openConnection(app.port)

  client.send(requestText('GET', '/waits').repeat(3))
  await gate.arrived
  client.hangUp()
  await app.sink.ended(3)
  gate.open()

  const lines = await app.finalRequests()
  expect(lines).toMatchObject([{ status: 499 }, { status: 499 }, { status: 499 }])
  expect(app.inFlight()).toBe(0)
})

test('a DynamoDB call that was under way at the hang-up is in the line, with its time so far', async () => {
  const gate = createGate()
  const app = await startWatchedApp((bare) =>
    bare.get('/', async (request) => {
      request.work.storeCalls = 1
      request.work.storeCallsOpen = 1
      request.work.storeBusySinceMs = performance.now()
      await gate.arrive()
    }),
  )
  const client = await openConnection(app.port)
  client.send(requestText('GET', '/'))
  await gate.arrived
  client.hangUp()

  const [line] = await app.sink.ended(1)
  gate.open()

  expect(line).toMatchObject({ status: 499, dynamodb_calls: 1 })
  expect(Number(line?.dynamodb_ms)).toBeGreaterThan(0)
  expect(Number(line?.dynamodb_ms)).toBeLessThanOrEqual(Number(line?.duration_ms) + 0.001)
})
