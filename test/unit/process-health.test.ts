import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { METRICS } from '../../src/metrics/catalog.ts'
import { observeProcess } from '../../src/metrics/process-health.ts'
import type { MetricLine } from '../support/metric-lines.ts'
import { holdSeconds, PREFIX, startMetrics } from '../support/metrics-to-receiver.ts'

const BLOCKED_MS = 200

// How often the loop is looked at, and more.
const LOOK_MS = 30

/** Keeps the event loop from everything else, and lets it be looked at afterwards. */
async function blockLoop(): Promise<void> {
  const startedMs = Date.now()
  while (Date.now() - startedMs < BLOCKED_MS);
  await delay(LOOK_MS)
}

/** The gauges after 10 s, and after 10 s more, by name. */
async function gaugesAfter(work: () => Promise<void>) {
  const seconds = holdSeconds()
  const { metrics, sent } = await startMetrics({ format: 'dogstatsd' })
  observeProcess(metrics)
  await work()
  seconds.pass(10)
  seconds.pass(10)
  const lines = await sent()
  const byName = (some: readonly MetricLine[]) => new Map(some.map(({ name, value }) => [name.slice(PREFIX.length + 1), value]))
  const half = lines.length / 2
  return { lines, first: byName(lines.slice(0, half)), second: byName(lines.slice(half)) }
}

test('an event loop that was blocked shows, and once', async () => {
  const { first, second } = await gaugesAfter(async () => {
    await blockLoop()
    await blockLoop()
  })

  // Less the 20 ms in which the loop is looked at no more often.
  expect(first.get('process.event_loop_delay.max')).toBeGreaterThan(BLOCKED_MS - 50)
  expect(first.get('process.event_loop_delay.p99')).toBeGreaterThan(BLOCKED_MS - 50)
  expect(first.get('process.event_loop_delay.mean')).toBeGreaterThan(0)
  expect(second.get('process.event_loop_delay.max')).toBe(0)
})

test('an event loop that has not been looked at yet has no delay, and no value that is none', async () => {
  const { first } = await gaugesAfter(async () => {})

  for (const statistic of ['mean', 'p99', 'max']) expect(first.get(`process.event_loop_delay.${statistic}`)).toBe(0)
})

test('memory is that of this process: the heap in use is below its limit, and within all of it', async () => {
  const { first } = await gaugesAfter(async () => {})
  const [used = 0, limit = 0, rss = 0] = ['heap.used', 'heap.limit', 'memory.rss'].map((name) => first.get(`process.${name}`))

  expect(used).toBeGreaterThan(1024 ** 2)
  expect(limit).toBeGreaterThan(used)
  expect(rss).toBeGreaterThan(used / 2)
  expect([used, limit, rss].every(Number.isInteger)).toBe(true)
})

test('all of it is gauges of the catalog, without tags, sent every 10 seconds', async () => {
  const { lines, first } = await gaugesAfter(async () => {})

  // Whether it is ready, the readiness check tells.
  const ofProcess = Object.keys(METRICS).filter((name) => name.startsWith('process.') && name !== 'process.not_ready')
  expect([...first.keys()].toSorted()).toEqual(ofProcess.toSorted())
  expect(lines).toHaveLength(2 * ofProcess.length)
  for (const { type, tags, rate } of lines) expect({ type, tags, rate }).toEqual({ type: 'g', tags: {}, rate: 1 })
})
