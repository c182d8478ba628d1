import { onTestFinished, vi } from 'vitest'
import { errorTypeOf } from '../../src/errors.ts'
import { createMetrics, type MetricsOptions } from '../../src/metrics/metrics.ts'
import type { Format, MetricLine } from './metric-lines.ts'
import { startMetricReceiver } from './metric-receiver.ts'

export const PREFIX = 'test_store'

/** Metrics that are sent to a StatsD server of the test's own, in place of an operator's. `address`: where that one listens. */
export async function startMetrics({ address, ...options }: Partial<MetricsOptions> & { format: Format; address?: string }) {
  const receiver = await startMetricReceiver(options.format, address)
  const failures: Error[] = []
  const { host, port } = receiver
  const onFailure = (error: Error) => failures.push(error)
  const metrics = createMetrics({ host, port, prefix: PREFIX, errorTypeOf, onFailure, ...options })
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= metrics.close()
    return closed
  }
  onTestFinished(close)
  return {
    metrics,
    receiver,
    /**
     * What an operator has in the end: every line, once the metrics are closed.
     * @throws Error when a line could not be sent, or is malformed.
     */
    async sent(): Promise<readonly MetricLine[]> {
      await close()
      if (failures[0]) throw failures[0]
      return receiver.all()
    },
  }
}

/** Takes the seconds of metrics that are created after it into the hands of the test: intervals, and performance.now(). */
export function holdSeconds(): { pass: (seconds: number) => void } {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  return { pass: (seconds) => vi.advanceTimersByTime(seconds * 1000) }
}

/** The sum of a counter's lines, of all its series or of those that fit. */
export function totalOf(lines: readonly MetricLine[], name: string, fits: (line: MetricLine) => boolean = () => true): number {
  return lines.filter((line) => line.name === `${PREFIX}.${name}` && fits(line)).reduce((sum, { value }) => sum + value, 0)
}

/** The values that a tag has in any line. */
export function tagValues(lines: readonly MetricLine[], tag: string): Set<string> {
  return new Set(lines.flatMap(({ tags }) => tags[tag] ?? []))
}
