import { setImmediate } from 'node:timers/promises'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { createMetrics } from '../../src/metrics/metrics.ts'
import { startMetricReceiver } from '../support/metric-receiver.ts'
import { holdSeconds, PREFIX } from '../support/metrics-to-receiver.ts'

type Answered = (error: Error | null, address?: string, family?: number) => void

const dns = vi.hoisted(() => ({ questions: 0, answer: (_answered: Answered): void => {} }))

// The name server of these tests, for no real one can be told when to fail.
vi.mock('node:dns', () => ({
  lookup(_host: string, _options: unknown, answered: Answered) {
    dns.questions += 1
    dns.answer(answered)
  },
}))

const knows = (address: string) => (answered: Answered) => queueMicrotask(() => answered(null, address, 4))
const fails = (answered: Answered) => queueMicrotask(() => answered(new Error('the name server is down')))
const isSilent = () => {}

beforeEach(() => {
  dns.questions = 0
})

/** Metrics to a host known by its name; `live` counts one request a second, for so many of them. */
async function startMetricsByName() {
  const seconds = holdSeconds()
  const receiver = await startMetricReceiver('dogstatsd')
  const failures: Error[] = []
  const onFailure = (error: Error) => failures.push(error)
  const { port } = receiver
  const metrics = createMetrics({
    host: 'statsd.test',
    port,
    prefix: PREFIX,
    format: 'dogstatsd',
    errorTypeOf: String,
    onFailure,
  })
  const series = metrics.tagged()()
  onTestFinished(() => metrics.close())
  async function live(count: number): Promise<void> {
    for (let second = 1; second <= count; second += 1) {
      series.count('http.request.count')
      seconds.pass(1)
      await setImmediate()
    }
  }
  return { metrics, receiver, failures, live }
}

test('the address of a host is asked for once, and kept', async () => {
  dns.answer = knows('127.0.0.1')
  const { receiver, live } = await startMetricsByName()

  await live(50)

  expect(await receiver.all()).toHaveLength(50)
  expect(dns.questions).toBe(1)
})

test('a host that moves is followed within two minutes', async () => {
  dns.answer = knows('127.0.0.9')
  const { receiver, live } = await startMetricsByName()
  await live(5)

  dns.answer = knows('127.0.0.1')
  await live(120)

  expect((await receiver.all()).length).toBeGreaterThan(0)
})

test('an address that was known is used on while the name server is down', async () => {
  dns.answer = knows('127.0.0.1')
  const { receiver, failures, live } = await startMetricsByName()
  await live(5)

  dns.answer = fails
  await live(200)

  expect(await receiver.all()).toHaveLength(205)
  expect(failures).toEqual([])
})

test('a host that becomes known later is sent what is counted from then on, and nothing is heaped up until then', async () => {
  dns.answer = fails
  const { receiver, failures, live } = await startMetricsByName()
  await live(30)
  expect(dns.questions).toBeLessThanOrEqual(4)

  dns.answer = knows('127.0.0.1')
  await live(30)

  const { length } = await receiver.all()
  expect(length).toBeGreaterThanOrEqual(18)
  expect(length).toBeLessThanOrEqual(30)
  expect(failures).toHaveLength(1)
})

test('a name server that never answers is asked once, and neither a second nor close() waits for it', async () => {
  dns.answer = isSilent
  const { metrics, receiver, failures, live } = await startMetricsByName()

  await live(100)
  await metrics.close()

  expect(dns.questions).toBe(1)
  expect(await receiver.all()).toEqual([])
  expect(failures).toHaveLength(1)
})
