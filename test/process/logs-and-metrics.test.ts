import { createSocket } from 'node:dgram'
import { EventEmitter, once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { logOf, PRODUCTION, requestsOf } from '../support/production-log.ts'
import { startService, writeFeature } from '../support/service-process.ts'

const IDENTIFIER = 'very-private-person'
const SECRET = 'S3CRET'

describe('the log in production', () => {
  test('is one JSON object a line, from the first line to the last', async () => {
    const lines = await logOf({}, (url) => writeFeature(url, IDENTIFIER, 1))

    expect(lines.length).toBeGreaterThan(2)
    for (const line of lines) {
      expect(line).toMatchObject({ level: expect.any(String), time: expect.any(String), msg: expect.any(String) })
    }
  })

  test('has one line a request, with its id, method, route, URL, status, duration and DynamoDB calls', async () => {
    const lines = await logOf({}, async (url) => {
      await writeFeature(url, IDENTIFIER, 1)
      await fetch(`${url}/api/v1/get/item/${IDENTIFIER}/nothing?x=${SECRET}`, { headers: { 'x-request-id': 'asked.by-me_1' } })
      await fetch(`${url}/${IDENTIFIER}`)
    })

    const base = {
      request_id: expect.stringMatching(/^[A-Za-z0-9._-]+$/),
      duration_ms: expect.any(Number),
      client_ip: '127.0.0.1',
    }
    const read = { route: '/api/v1/get/item/{identifier}/{category}', operation: 'read.single_item', dynamodb_calls: 1 }
    const write = { route: '/api/v1/items/{identifier}', operation: 'write.multi_category', dynamodb_calls: 1 }
    expect(requestsOf(lines)).toMatchObject([
      { ...base, ...write, level: 'info', method: 'POST', url: `/api/v1/items/${IDENTIFIER}`, status: 200 },
      {
        ...base,
        ...read,
        level: 'warn',
        request_id: 'asked.by-me_1',
        method: 'GET',
        url: `/api/v1/get/item/${IDENTIFIER}/nothing?x=***`,
        status: 404,
        error_code: 'ITEM_NOT_FOUND',
      },
      { ...base, level: 'warn', method: 'GET', route: 'unmatched', url: `/${IDENTIFIER}`, status: 404, dynamodb_calls: 0 },
    ])
    expect(JSON.stringify(lines)).not.toContain(SECRET)
  })

  test("has the request's id that the client was told", async () => {
    let told: string | null = null

    const lines = await logOf({}, async (url) => {
      told = (await fetch(`${url}/api/v1/get/item/user123/nothing`)).headers.get('x-request-id')
    })

    expect(lines.find((line) => line.status === 404)?.request_id).toBe(told)
  })

  test('is silent about /health at info', async () => {
    const lines = await logOf({}, (url) => fetch(`${url}/health/ready`))

    expect(lines.filter((line) => String(line.route).startsWith('/health'))).toEqual([])
  })

  test('tells of /health at debug', async () => {
    const lines = await logOf({ LOG_LEVEL: 'debug' }, (url) => fetch(`${url}/health/ready`))

    expect(lines.find((line) => line.route === '/health/ready')).toMatchObject({ level: 'debug', status: 200 })
  })
})

/** A StatsD server of the test's own. */
async function startStatsD() {
  const socket = createSocket('udp4')
  const arrivals = new EventEmitter()
  const metrics: string[] = []
  socket.on('message', (datagram) => {
    metrics.push(...datagram.toString().split('\n').filter(Boolean))
    arrivals.emit('metrics')
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  onTestFinished(() => {
    socket.close()
  })
  return {
    env: { STATSD_HOST: '127.0.0.1', STATSD_PORT: String(socket.address().port) },
    /** The first metric that fits, as soon as it comes. */
    async received(pattern: RegExp): Promise<string> {
      for (;;) {
        const metric = metrics.find((candidate) => pattern.test(candidate))
        if (metric !== undefined) return metric
        await once(arrivals, 'metrics')
      }
    },
    all: () => metrics,
  }
}

describe('metrics', () => {
  test("go to STATSD_HOST and STATSD_PORT, named feature_store.*, with the route's pattern and never the identifier", async () => {
    const statsd = await startStatsD()
    const service = await startService({ ...PRODUCTION, ...statsd.env })
    await writeFeature(service.url, IDENTIFIER, 1)

    const duration = await statsd.received(/http\.request\.duration/)

    expect(duration).toMatch(/^feature_store\.[a-z_.]+:[\d.]+\|ms\|#/)
    expect(duration).toContain('route:/api/v1/items/{identifier}')
    expect(duration).toContain('status_code:200')
    expect(statsd.all().filter((metric) => !metric.startsWith('feature_store.'))).toEqual([])
    expect(statsd.all().join('\n')).not.toContain(IDENTIFIER)
  })

  test('still buffered at the end are sent before the process is gone', async () => {
    const statsd = await startStatsD()
    const service = await startService({ ...PRODUCTION, ...statsd.env })
    await writeFeature(service.url, 'user123', 1)

    service.kill('SIGTERM')
    await service.exited

    expect(await statsd.received(/count/)).toMatch(/^feature_store\./)
  })

  test('begin with STATSD_PREFIX', async () => {
    const statsd = await startStatsD()
    const service = await startService({ ...PRODUCTION, ...statsd.env, STATSD_PREFIX: 'team.features' })
    await writeFeature(service.url, 'user123', 1)

    expect(await statsd.received(/duration/)).toMatch(/^team\.features\./)
  })

  test('that cannot be sent change no reply', async () => {
    const service = await startService({ ...PRODUCTION, STATSD_HOST: 'no-such-host.invalid' })

    expect(await writeFeature(service.url, 'user123', 1)).toBe(200)
    service.kill('SIGTERM')
    expect(await service.exited).toEqual({ code: 0, signal: null })
  })
})
