import { describe, expect, test } from 'vitest'
import { METRICS, type Metric } from '../../src/metrics/catalog.ts'

const CATALOG: [string, Metric][] = Object.entries(METRICS)

const REQUEST_TAGS = ['method', 'route', 'endpoint', 'api_version', 'status_code', 'status_category']
const TAGS = new Set([...REQUEST_TAGS, 'error_type', 'table_type', 'category', 'call'])
const UNITS = ['requests', 'calls', 'items', 'attempts', 'features', 'ms', 'bytes']

/** Every name that the operators asked for. */
const ASKED_FOR = [
  ...['http.request.count', 'http.request.duration', 'http.response.size', 'http.success.count', 'http.error.count'],
  'http.slow_request.count',
  ...['read.single_item', 'read.multi_category', 'write.multi_category'].flatMap((operation) =>
    ['duration', 'success', 'error', 'not_found'].map((ending) => `${operation}.${ending}`),
  ),
  ...['dynamodb.get_item', 'dynamodb.batch_get_item', 'dynamodb.update_item'].flatMap((call) =>
    ['duration', 'success', 'error'].map((ending) => `${call}.${ending}`),
  ),
  ...['dynamodb.get_item.found', 'dynamodb.get_item.not_found', 'dynamodb.batch_get_item.found'],
  ...['dynamodb.batch_get_item.not_found', 'dynamodb.update_item.feature_count', 'dynamodb.retry.count'],
  ...['dynamodb.throttle.count', 'feature.found.count', 'feature.missing.count', 'feature.null.count', 'feature.age'],
]

test.for(ASKED_FOR)('%s is in the catalog', (name) => {
  expect(METRICS).toHaveProperty([name])
})

test('the catalog has process health: event loop, heap, requests in flight', () => {
  const gauges = CATALOG.filter(([, { type }]) => type === 'gauge').map(([name]) => name)

  expect(gauges).toEqual(expect.arrayContaining(['process.event_loop_delay.max', 'process.heap.used', 'http.request.in_flight']))
})

describe.for(CATALOG)('%s', ([name, { type, unit, tags, when }]) => {
  test('has a name of words joined by dots, a type, a unit, and says when it is sent', () => {
    expect(name).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*(\.[a-z0-9]+(_[a-z0-9]+)*)+$/)
    expect(['counter', 'timer', 'histogram', 'gauge']).toContain(type)
    expect(UNITS).toContain(unit)
    expect(when.trim()).not.toBe('')
  })

  test('has no tag but those that are known to have few values, and none twice', () => {
    expect(tags.filter((tag) => !TAGS.has(tag))).toEqual([])
    expect(new Set(tags).size).toBe(tags.length)
  })

  test('has the tags and the unit of its kind', () => {
    expect(tags.includes('error_type')).toBe(name.includes('.error'))
    if (type === 'timer') expect(unit).toBe('ms')
    if (type === 'gauge') expect(tags).toEqual([])
    if (name.startsWith('http.') && type !== 'gauge') expect(tags).toEqual(expect.arrayContaining(REQUEST_TAGS))
    if (name.startsWith('feature.')) expect(tags).toEqual(['table_type', 'category'])
  })
})
