import { setImmediate } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createMetrics } from '../../src/metrics/metrics.ts'
import { startMetricReceiver } from '../support/metric-receiver.ts'
import { holdSeconds, PREFIX, startMetrics } from '../support/metrics-to-receiver.ts'

/** A port that was somebody's a moment ago. */
async function unusedPort(): Promise<number> {
  const { port, close } = await startMetricReceiver('dogstatsd')
  await close()
  return port
}

test.for([
  ['a name that no DNS server knows', 'no-such-host.invalid'],
  ['a name that is none', 'no such host'],
  ['a name that is too long to be one', `${'n'.repeat(300)}.invalid`],
  ['a host that does not listen', '127.0.0.1'],
] as const)('%s fails no count, no value and no close, and one warning is all that is said', async ([, host]) => {
  const seconds = holdSeconds()
  const failures: Error[] = []
  const printed = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn'), vi.spyOn(console, 'log')]
  onTestFinished(() => {
    for (const spy of printed) spy.mockRestore()
  })
  const onFailure = (error: Error) => failures.push(error)
  const port = await unusedPort()
  const metrics = createMetrics({ host, port, prefix: PREFIX, format: 'dogstatsd', errorTypeOf: String, onFailure })

  const seriesOf = metrics.tagged('category')
  for (let second = 1; second <= 20; second += 1) {
    for (let index = 0; index < 100; index += 1) {
      seriesOf(`category_${index}`).count('feature.found.count')
      seriesOf(`category_${index}`).record('feature.age', index)
    }
    seconds.pass(1)
    await setImmediate()
  }
  await metrics.close()

  expect(failures.length).toBe(host === '127.0.0.1' ? 0 : 1)
  for (const spy of printed) expect(spy.mock.calls).toEqual([])
})

test('what is counted and recorded after close() fails nobody', async () => {
  const { metrics, sent } = await startMetrics({ format: 'dogstatsd' })
  const series = metrics.tagged()()
  series.count('http.request.count')
  const lines = await sent()

  for (let index = 0; index < 100; index += 1) {
    series.count('http.request.count')
    series.record('http.request.duration', 1)
  }

  expect(lines).toHaveLength(1)
})

test('a host that is given by its name is found', async () => {
  const receiver = await startMetricReceiver('dogstatsd')
  const failures: Error[] = []
  const onFailure = (error: Error) => failures.push(error)
  const { port } = receiver
  const metrics = createMetrics({ host: 'localhost', port, prefix: PREFIX, format: 'dogstatsd', errorTypeOf: String, onFailure })
  onTestFinished(() => metrics.close())

  metrics.tagged()().count('http.request.count')

  expect(await receiver.received(({ value }) => value === 1)).toMatchObject({ name: `${PREFIX}.http.request.count` })
  expect(failures).toEqual([])
})

// A host elsewhere has an address that is none of this machine's: a socket that is bound to it sends nothing. macOS has but
// one loopback address to show it with.
test.skipIf(process.platform === 'darwin')(
  'metrics are sent from an address of this machine, and not from that of the host',
  async () => {
    const { metrics, receiver, sent } = await startMetrics({ format: 'dogstatsd', address: '127.0.0.2' })

    metrics.tagged()().count('http.request.count')

    expect(await sent()).toHaveLength(1)
    expect(receiver.senders()).not.toContain('127.0.0.2')
  },
)

test("variables of Datadog's agent change neither the lines nor their host", async () => {
  vi.stubEnv('DD_ENV', 'prod')
  vi.stubEnv('DD_SERVICE', 'other')
  vi.stubEnv('DD_ENTITY_ID', 'entity')
  vi.stubEnv('DD_EXTERNAL_ENV', 'external')
  vi.stubEnv('DD_AGENT_HOST', '127.0.0.9')
  vi.stubEnv('DD_DOGSTATSD_PORT', '1')
  vi.stubEnv('DD_DOGSTATSD_URL', 'unix:///nowhere')
  vi.stubEnv('DD_CARDINALITY', 'high')
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const { metrics, sent } = await startMetrics({ format: 'dogstatsd' })

  metrics.tagged('method')('GET').count('http.request.count')

  expect(await sent()).toMatchObject([{ name: `${PREFIX}.http.request.count`, tags: { method: 'GET' } }])
})
