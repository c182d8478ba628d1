import { describe, expect, test } from 'vitest'
import { FORMATS } from '../support/metric-lines.ts'
import { holdSeconds, PREFIX, startMetrics, totalOf } from '../support/metrics-to-receiver.ts'

describe.for(FORMATS)('in %s', (format) => {
  test('1,000 counts are sent as one sum a second, and total 1,000', async () => {
    const seconds = holdSeconds()
    const { metrics, sent } = await startMetrics({ format })
    const series = metrics.tagged('table_type')('bright_uid')

    for (let count = 1; count <= 1000; count += 1) {
      series.count('feature.found.count')
      if (count % 400 === 0) seconds.pass(1)
    }

    const lines = await sent()
    expect(lines.map(({ value }) => value)).toEqual([400, 400, 200])
    expect(totalOf(lines, 'feature.found.count')).toBe(1000)
  })
})

test('what is left is sent by close(), though no second has passed', async () => {
  holdSeconds()
  const { metrics, sent } = await startMetrics({ format: 'dogstatsd' })

  metrics.tagged()().count('http.request.count', 7)

  expect(await sent()).toEqual([{ name: `${PREFIX}.http.request.count`, tags: {}, value: 7, type: 'c', rate: 1 }])
})

test('a sum is sent when its second is over, without anything else to send it', async () => {
  const { metrics, receiver } = await startMetrics({ format: 'dogstatsd' })

  metrics.tagged()().count('http.request.count', 7)

  expect(await receiver.received(({ name }) => name === `${PREFIX}.http.request.count`)).toMatchObject({ value: 7 })
})

test('each set of tags, and each name, has a sum of its own', async () => {
  const { metrics, sent } = await startMetrics({ format: 'dogstatsd' })
  const seriesOf = metrics.tagged('table_type', 'category')

  for (const [index, category] of ['a', 'b', 'a', 'c'].entries()) {
    seriesOf('bright_uid', category).count('feature.found.count', index + 1)
    seriesOf('account_id', category).count('feature.null.count', 10)
  }

  const sums = (await sent()).map(({ name, tags, value }) => `${name} ${tags.table_type} ${tags.category} ${value}`)
  expect(sums.toSorted()).toEqual([
    `${PREFIX}.feature.found.count bright_uid a 4`,
    `${PREFIX}.feature.found.count bright_uid b 2`,
    `${PREFIX}.feature.found.count bright_uid c 4`,
    `${PREFIX}.feature.null.count account_id a 20`,
    `${PREFIX}.feature.null.count account_id b 10`,
    `${PREFIX}.feature.null.count account_id c 10`,
  ])
})

test('a series that was idle is silent, and counts again afterwards', async () => {
  const seconds = holdSeconds()
  const { metrics, sent } = await startMetrics({ format: 'dogstatsd' })
  const series = metrics.tagged()()

  series.count('http.request.count', 1)
  seconds.pass(5)
  series.count('http.request.count', 2)
  seconds.pass(5)
  series.count('http.request.count', 3)

  expect((await sent()).map(({ value }) => value)).toEqual([1, 2, 3])
})

test('gauges are read and sent every 10 seconds', async () => {
  const seconds = holdSeconds()
  const { metrics, sent } = await startMetrics({ format: 'dogstatsd' })
  let inFlight = 0
  metrics.observe(() => {
    inFlight += 1
    return { 'http.request.in_flight': inFlight, 'process.heap.used': 5 }
  })

  seconds.pass(29)

  expect((await sent()).map(({ value, type }) => [value, type])).toEqual([
    [1, 'g'],
    [5, 'g'],
    [2, 'g'],
    [5, 'g'],
  ])
})
