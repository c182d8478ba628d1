import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { METRICS } from '../../src/metrics/catalog.ts'
import { createRequestMetrics } from '../../src/plugins/request-metrics.ts'
import type { RequestOutcome } from '../../src/plugins/request-outcome.ts'
import { type RouteLabels, UNMATCHED } from '../../src/plugins/route-labels.ts'
import { hostileText } from '../support/hostile-texts.ts'
import { FORMATS, type Format } from '../support/metric-lines.ts'
import { PREFIX, startMetrics, totalOf } from '../support/metrics-to-receiver.ts'

const SECRET = 'very-private-person'

const LABELS: RouteLabels = { route: '/api/v1/get/item/{identifier}/{category}', operation: 'get_item', apiVersion: 'v1' }

const OUTCOME: RequestOutcome = {
  kind: { labels: LABELS, method: 'GET', status: 200 },
  requestId: SECRET,
  url: `/api/v1/get/item/${SECRET}/transactions`,
  isSlow: false,
  durationMs: 12.5,
  bytes: 345,
  clientIp: SECRET,
  userAgent: SECRET,
  traceparent: SECRET,
  keyName: undefined,
  subject: { tableType: 'bright_uid', categories: 1 },
  storeCalls: 1,
  storeMs: 10,
  failure: undefined,
}

/** What an operator has of requests that ended so. */
async function linesOf(outcomes: readonly Partial<RequestOutcome>[], format: Format) {
  const { metrics, sent } = await startMetrics({ format })
  const observe = createRequestMetrics(metrics)
  for (const outcome of outcomes) observe({ ...OUTCOME, ...outcome })
  return sent()
}

describe.for(FORMATS)('in %s', (format) => {
  test('nothing that a client sent is on the wire but its method', async () => {
    const lines = await linesOf([{}, { kind: { labels: UNMATCHED, method: 'GET', status: 404 }, url: `/${SECRET}` }], format)

    expect(JSON.stringify(lines)).not.toContain(SECRET)
    expect(new Set(lines.map(({ tags }) => tags.route))).toEqual(new Set([LABELS.route, 'unmatched']))
  })

  test('no method, and nothing else, forges anything or breaks a line', async () => {
    const texts = fc.sample(hostileText, { seed: 4, numRuns: 300 })
    const hostile = (text: string) => ({
      kind: { labels: LABELS, method: text, status: 200 },
      url: text,
      requestId: text,
      userAgent: text,
      traceparent: text,
    })

    const lines = await linesOf(texts.map(hostile), format)

    const names = Object.keys(METRICS).map((name) => `${PREFIX}.${name}`)
    expect(lines.filter(({ name }) => !names.includes(name))).toEqual([])
    expect(totalOf(lines, 'http.request.count')).toBe(300)
  })
})
