import type { Metrics } from '../../metrics/metrics.ts'
import { createNoMetrics } from '../../metrics/no-metrics.ts'

export type AttemptCounts = { retries: number; throttled: number }

/** Metrics that count attempts alone, and tell of throttled ones. */
export function createAttemptCounts(onThrottled: () => void): { metrics: Metrics; counts: AttemptCounts } {
  const counts = { retries: 0, throttled: 0 }
  const series = {
    count(name: string, value = 1): void {
      if (name === 'dynamodb.retry.count') counts.retries += value
      if (name !== 'dynamodb.throttle.count') return
      counts.throttled += value
      onThrottled()
    },
    record() {},
  }
  return { metrics: { ...createNoMetrics(), tagged: () => () => series }, counts }
}
