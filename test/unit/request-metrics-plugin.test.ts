import type { FastifyInstance } from 'fastify'
import { expect, test } from 'vitest'
import { METRICS } from '../../src/metrics/catalog.ts'
import { PREFIX, startMetrics } from '../support/metrics-to-receiver.ts'
import { fetchWhole, startWatchedApp, type WatchedAppOptions } from '../support/watched-app.ts'

const TYPES = { counter: 'c', timer: 'ms', histogram: 'h', gauge: 'g' } as const

/** The lines that reach a StatsD server for what is sent to these routes. */
async function metricsOf(
  register: (app: FastifyInstance) => unknown,
  send: (url: string) => Promise<unknown>,
  options: WatchedAppOptions = {},
) {
  const { metrics, sent } = await startMetrics({ format: 'dogstatsd' })
  const app = await startWatchedApp(register, { ...options, metrics })
  await send(app.url)
  await app.finalRequests()
  return sent()
}

/** A route that answers with the status in its path. */
function statusRoute(app: FastifyInstance): void {
  app.get<{ Params: { status: string } }>(
    '/api/v1/answers/:status',
    { config: { operation: 'answer' } },
    async ({ params }, reply) => reply.code(Number(params.status)).send('twelve bytes'),
  )
}

const answering = (...statuses: number[]) => {
  return async (url: string) => {
    for (const status of statuses) await fetchWhole(`${url}/api/v1/answers/${status}`, { redirect: 'manual' })
  }
}

function withoutPrefix<Line extends { name: string }>(lines: readonly Line[]): Line[] {
  const shown = lines.map((line) => ({ ...line, name: line.name.replace(`${PREFIX}.`, '') }))
  return shown.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

test('a request is counted, timed and weighed under its route’s pattern, operation and version', async () => {
  const lines = await metricsOf(statusRoute, answering(200))

  const tags = {
    method: 'GET',
    route: '/api/v1/answers/{status}',
    endpoint: 'answer',
    api_version: 'v1',
    status_code: '200',
    status_category: '2xx',
  }
  expect(withoutPrefix(lines)).toEqual([
    { name: 'http.request.count', type: 'c', value: 1, rate: 1, tags },
    { name: 'http.request.duration', type: 'ms', value: expect.any(Number), rate: 1, tags },
    { name: 'http.response.size', type: 'h', value: 12, rate: 1, tags },
    { name: 'http.success.count', type: 'c', value: 1, rate: 1, tags },
  ])
})

test.for([
  [400, 'bad_request'],
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [405, 'bad_request'],
  [409, 'conflict'],
  [413, 'payload_too_large'],
  [415, 'unsupported_media_type'],
  [422, 'validation_error'],
  [429, 'rate_limit'],
  [500, 'internal_error'],
  [503, 'service_unavailable'],
  [504, 'gateway_timeout'],
] as const)('a %i is an error of type %s and no success', async ([status, errorType]) => {
  const lines = withoutPrefix(await metricsOf(statusRoute, answering(status)))

  const tags = { status_code: String(status), status_category: `${String(status)[0]}xx` }
  const error = lines.find(({ name }) => name === 'http.error.count')
  expect(error).toMatchObject({ value: 1, tags: { ...tags, error_type: errorType } })
  expect(lines.find(({ name }) => name === 'http.request.count')).toMatchObject({ value: 1, tags })
  expect(lines.map(({ name }) => name)).not.toContain('http.success.count')
})

test('every request is counted once, and is a success or an error', async () => {
  const statuses = [200, 200, 201, 302, 404, 404, 404, 503]

  const lines = withoutPrefix(await metricsOf(statusRoute, answering(...statuses)))

  const totals: Record<string, number> = {}
  for (const { name, type, value } of lines) totals[name] = (totals[name] ?? 0) + (type === 'c' ? value : 1)
  expect(totals).toEqual({
    'http.request.count': 8,
    'http.request.duration': 8,
    'http.response.size': 8,
    'http.success.count': 4,
    'http.error.count': 4,
  })
})

test('a request over SLOW_REQUEST_MS is counted as slow, however it ended', async () => {
  const lines = await metricsOf(statusRoute, answering(200, 404), { slowRequestMs: 0 })

  const slow = withoutPrefix(lines).filter(({ name }) => name === 'http.slow_request.count')
  expect(slow.map(({ value, tags }) => [value, tags.status_code]).toSorted()).toEqual([
    [1, '200'],
    [1, '404'],
  ])
})

test('a path that no route has is "unmatched", whatever it is', async () => {
  const lines = await metricsOf(statusRoute, async (url) => {
    await fetchWhole(`${url}/no/such`)
    await fetchWhole(`${url}/very-private-person|c%0Aforged:1`)
  })

  const tags = { route: 'unmatched', endpoint: 'unmatched', api_version: 'none' }
  expect(withoutPrefix(lines).filter(({ type }) => type === 'c')).toMatchObject([
    { name: 'http.error.count', value: 2, tags },
    { name: 'http.request.count', value: 2, tags },
  ])
  expect(JSON.stringify(lines)).not.toMatch(/private|forged/)
})

test('/health is left out, whether it ends well or not', async () => {
  const lines = await metricsOf(
    (app) => {
      app.get('/health/live', async () => 'done')
      app.get('/health/ready', async (_request, reply) => reply.code(503).send('not ready'))
    },
    async (url) => {
      await fetchWhole(`${url}/health/live`)
      await fetchWhole(`${url}/health/ready`)
    },
  )

  expect(lines).toEqual([])
})

test('a line has the tags and the type that the catalog says, and no other', async () => {
  const lines = withoutPrefix(await metricsOf(statusRoute, answering(200, 404, 503), { slowRequestMs: 0 }))

  const documented = new Map<string, { type: keyof typeof TYPES; tags: readonly string[] }>(Object.entries(METRICS))
  for (const { name, type, tags } of lines) {
    const metric = documented.get(name)
    expect({ name, type, tags: Object.keys(tags).toSorted() }).toEqual({
      name,
      type: metric && TYPES[metric.type],
      tags: metric?.tags.toSorted(),
    })
  }
  expect(new Set(lines.map(({ name }) => name)).size).toBe(6)
})
