import { describe, expect, test } from 'vitest'
import { NotFoundError, StoreError, ValidationError } from '../../src/errors.ts'
import type { CallName } from '../../src/metrics/catalog.ts'
import type { Ending } from '../../src/metrics/time-call.ts'
import type { MetricLine } from '../support/metric-lines.ts'
import { PREFIX, startMetrics } from '../support/metrics-to-receiver.ts'

/** Times these calls, and returns how each ended and what an operator has of them. */
async function timed(name: CallName, calls: readonly (() => Promise<unknown>)[]) {
  const { metrics, sent } = await startMetrics({ format: 'dogstatsd' })
  const seriesOf = metrics.taggedCalls('table_type')
  const endings: Ending<unknown>[] = []
  const settled = []
  for (const call of calls) {
    const measured = metrics.timeCall(name, call, (ending) => {
      endings.push(ending)
      return seriesOf('bright_uid')
    })
    settled.push(...(await Promise.allSettled([measured])))
  }
  return { endings, settled, lines: (await sent()).map(toText).toSorted() }
}

/** A line without the value of a timer, which is real time. */
function toText({ name, type, value, tags }: MetricLine): string {
  const { table_type, ...rest } = tags
  expect(table_type).toBe('bright_uid')
  return [name.slice(PREFIX.length + 1), type === 'c' ? value : type, ...Object.entries(rest).flat()].join(' ')
}

const throwing = (error: unknown) => async () => {
  throw error
}

test('a call that succeeds is counted as a success, and its own result passes through', async () => {
  const result = { any: 'thing' }

  const { endings, settled, lines } = await timed('read.single_item', [async () => result])

  expect(settled).toEqual([{ status: 'fulfilled', value: result }])
  expect(settled[0]?.status === 'fulfilled' && settled[0].value).toBe(result)
  expect(endings).toEqual([{ ok: true, result }])
  expect(lines).toEqual(['read.single_item.duration ms', 'read.single_item.success 1'])
})

test.for([undefined, null, 0, '', false])('%s is a result like any other', async (result) => {
  const { settled, lines } = await timed('read.single_item', [async () => result])

  expect(settled).toEqual([{ status: 'fulfilled', value: result }])
  expect(lines).toContain('read.single_item.success 1')
})

test('what is not found is counted as that, and as no error', async () => {
  const { lines } = await timed('read.multi_category', [throwing(new NotFoundError('nothing'))])

  expect(lines).toEqual(['read.multi_category.duration ms', 'read.multi_category.not_found 1'])
})

describe('a call that throws is counted as an error with its type', () => {
  test.for([
    ['a store that throttles', new StoreError('STORE_THROTTLED', 'slow down'), 'service_unavailable'],
    ['a deadline', new StoreError('DEADLINE_EXCEEDED', 'too late'), 'gateway_timeout'],
    ['an item that is too large', new StoreError('ITEM_TOO_LARGE', 'too large'), 'payload_too_large'],
    ['a value that is refused', new ValidationError([]), 'validation_error'],
    ['a bug', new TypeError('x is undefined'), 'internal_error'],
    ['what is no Error', 'a text', 'internal_error'],
    ['nothing at all', undefined, 'internal_error'],
  ] as const)('%s', async ([, error, errorType]) => {
    const { endings, settled, lines } = await timed('write.multi_category', [throwing(error)])

    expect(settled).toEqual([{ status: 'rejected', reason: error }])
    expect(settled[0]?.status === 'rejected' && settled[0].reason).toBe(error)
    expect(endings).toEqual([{ ok: false, error }])
    expect(lines).toEqual(['write.multi_category.duration ms', `write.multi_category.error 1 error_type ${errorType}`])
  })

  test('a call that throws before it has begun', async () => {
    const error = new RangeError('at once')

    const { settled, lines } = await timed('read.single_item', [
      () => {
        throw error
      },
    ])

    expect(settled).toEqual([{ status: 'rejected', reason: error }])
    expect(lines).toEqual(['read.single_item.duration ms', 'read.single_item.error 1 error_type internal_error'])
  })

  test('not found, of a call that has no such ending', async () => {
    const { lines } = await timed('dynamodb.update_item', [throwing(new NotFoundError('the table'))])

    expect(lines).toEqual(['dynamodb.update_item.duration ms', 'dynamodb.update_item.error 1 error_type not_found'])
  })
})

test('each call has one ending and one duration', async () => {
  const calls = [
    async () => 1,
    throwing(new NotFoundError('')),
    throwing(new Error('')),
    throwing(new StoreError('NOT_READY', '')),
  ]
  const many = Array.from({ length: 100 }, (_, index) => calls[index % 4] ?? (async () => {}))

  const { settled, lines } = await timed('read.single_item', many)

  expect(settled).toHaveLength(100)
  expect(lines).toEqual([
    ...Array.from({ length: 100 }, () => 'read.single_item.duration ms'),
    'read.single_item.error 25 error_type internal_error',
    'read.single_item.error 25 error_type service_unavailable',
    'read.single_item.not_found 25',
    'read.single_item.success 25',
  ])
})

test('a duration is that of the call, in milliseconds', async () => {
  const { metrics, receiver } = await startMetrics({ format: 'dogstatsd' })
  const seriesOf = metrics.taggedCalls()
  const { promise, resolve } = Promise.withResolvers<void>()
  const startedMs = performance.now()
  const call = metrics.timeCall(
    'read.single_item',
    () => promise,
    () => seriesOf(),
  )

  while (performance.now() - startedMs < 30); // the call is under way for as long as this thread is busy
  resolve()
  await call

  const { value, type } = await receiver.received(({ name }) => name.endsWith('.duration'))
  expect(type).toBe('ms')
  expect(value).toBeGreaterThanOrEqual(29)
  expect(value).toBeLessThanOrEqual(performance.now() - startedMs)
})
