import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { keyOf } from '../support/etsy-statsd.ts'
import { exerciseName, HOSTILE_NAMES, REQUESTS_PER_NAME } from '../support/exercise-everything.ts'
import { startHeldDynamoDB } from '../support/held-dynamodb.ts'
import { measuredRun, pick, valuesPer } from '../support/measured-run.ts'
import { openConnection } from '../support/raw-client.ts'
import { type Expected, SERIES_ENV, sendSeries } from '../support/request-series.ts'
import { readFeature } from '../support/service-process.ts'

const UNREADABLE = {
  method: 'unknown',
  route: 'unmatched',
  endpoint: 'unmatched',
  api_version: 'none',
  status_code: '400',
  status_category: '4xx',
}

/** What Etsy's statsd has of the series, and what it should have. */
async function measuredSeries() {
  let expected: Expected = { requests: {}, successes: {}, errors: {}, bytes: {} }
  const received = await measuredRun(async ({ url }) => {
    expected = await sendSeries(url)
  }, SERIES_ENV)
  return { ...received, expected }
}

test("a StatsD receiver's counters equal the requests sent, by route, status and kind of error", async () => {
  const { counters, expected } = await measuredSeries()

  expect(pick(counters, 'http.request.count')).toEqual(expected.requests)
  expect(pick(counters, 'http.success.count')).toEqual(expected.successes)
  expect(pick(counters, 'http.error.count')).toEqual(expected.errors)
})

test('it has as many durations as requests, and the sum of the bytes that were answered', async () => {
  const { counters, timers, expected } = await measuredSeries()

  expect(valuesPer(timers, 'http.request.duration', 'http.request.count')).toEqual(expected.requests)
  expect(pick(counters, 'http.response.size')).toEqual(expected.bytes)
})

test('requests to /health are not among them', async () => {
  const { counters, timers } = await measuredRun(async ({ url }) => {
    for (const path of ['/health/live', '/health/ready', '/health/live?x=1']) await (await fetch(url + path)).arrayBuffer()
  })

  expect(pick(counters, 'http.')).toEqual({})
  expect(pick(timers, 'http.')).toEqual({})
})

test('what was no HTTP is counted once for each time, as a bad request of no route', async () => {
  const { counters, timers } = await measuredRun(async ({ url }) => {
    for (const bytes of ['HELLO\r\n\r\n', 'GETT / HTTP/1.1\r\nhost: x\r\n\r\n']) {
      const client = await openConnection(Number(new URL(url).port))
      client.send(bytes)
      await client.all()
    }
  })

  const size = keyOf('http.response.size', UNREADABLE)
  expect(pick(counters, 'http.')).toEqual({
    [keyOf('http.request.count', UNREADABLE)]: 2,
    [keyOf('http.error.count', { ...UNREADABLE, error_type: 'bad_request' })]: 2,
    [size]: expect.any(Number),
  })
  expect(valuesPer(timers, 'http.request.duration', 'http.request.count')).toEqual({
    [keyOf('http.request.count', UNREADABLE)]: 2,
  })
})

test('names that would forge or break a line change no counter but those of their requests', async () => {
  const { counters } = await measuredRun(async ({ url }) => {
    for (const name of HOSTILE_NAMES) await exerciseName(url, name)
  })

  const requests = Object.values(pick(counters, 'http.request.count')).reduce((sum, count) => sum + count, 0)
  expect(requests).toBe(HOSTILE_NAMES.length * REQUESTS_PER_NAME)
  const groups = new Set(Object.keys(counters).map((key) => key.split('.')[0]))
  expect(groups).toEqual(new Set(['http', 'read', 'write', 'delete', 'dynamodb', 'feature']))
  expect(Object.keys(counters).filter((key) => /status_category=5xx|error_type=internal_error/.test(key))).toEqual([])
})

test('requests that took longer than SLOW_REQUEST_MS are counted as slow, and no others', async () => {
  const limitMs = 40
  const dynamoDB = await startHeldDynamoDB()

  const { counters, timers } = await measuredRun(
    async ({ url }) => {
      const held = ['a', 'b', 'c'].map((identifier) => readFeature(url, identifier))
      await dynamoDB.holds(held.length)
      await delay(2 * limitMs)
      dynamoDB.release()
      await Promise.all(held)
      for (const path of ['/one', '/two']) await (await fetch(url + path)).arrayBuffer()
    },
    { ...dynamoDB.env, SLOW_REQUEST_MS: String(limitMs) },
  )

  const longer = Object.entries(pick(timers, 'http.request.duration')).map(([key, values]) => [
    key.replace('request.duration', 'slow_request.count'),
    values.filter((durationMs) => durationMs > limitMs).length,
  ])
  expect(pick(counters, 'http.slow_request.count')).toEqual(Object.fromEntries(longer.filter(([, count]) => count !== 0)))
  expect(longer).toContainEqual([expect.stringContaining('route=/api/v1/get/item/{identifier}/{category}'), 3])
})
