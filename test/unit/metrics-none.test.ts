import { expect, test } from 'vitest'
import { NotFoundError } from '../../src/errors.ts'
import { createNoMetrics } from '../../src/metrics/no-metrics.ts'

test('without metrics a call passes through: its result, and what it throws', async () => {
  const { timeCall, taggedCalls } = createNoMetrics()
  const seriesOf = () => taggedCalls('table_type')('bright_uid')
  const result = {}
  const error = new NotFoundError('nothing')

  expect(await timeCall('read.single_item', async () => result, seriesOf)).toBe(result)
  await expect(timeCall('read.single_item', () => Promise.reject(error), seriesOf)).rejects.toBe(error)
})

test('without metrics nobody is told of an ending, and no gauge is read', async () => {
  const { timeCall, observe, taggedCalls, close } = createNoMetrics()
  let told = 0
  observe(() => {
    told += 1
    return {}
  })

  await timeCall(
    'read.single_item',
    async () => 1,
    () => {
      told += 1
      return taggedCalls()()
    },
  )
  await close()

  expect(told).toBe(0)
})

test('without metrics everything can be counted and recorded, and there is one series for all', () => {
  const { tagged, taggedCalls, categories } = createNoMetrics()
  const series = Array.from({ length: 1000 }, (_, index) => tagged('category')(categories.ofStored(`category_${index}`)))

  for (const one of series) {
    one.count('feature.found.count', 3)
    one.record('feature.age', 1)
  }
  taggedCalls('table_type')('bright_uid').errorSeries('internal_error').count('read.single_item.error')

  expect(new Set(series).size).toBe(1)
})
