import { monitorEventLoopDelay } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { Metrics } from './metrics.ts'

const RESOLUTION_MS = 20
const NS_PER_MS = 1e6

/** Watches the process's own health: how late its event loop is, and its memory. */
export function observeProcess(metrics: Metrics): void {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delays.enable()
  metrics.observe(() => {
    const gauges = {
      'process.event_loop_delay.mean': toDelayMs(delays.mean),
      'process.event_loop_delay.p99': toDelayMs(delays.percentile(99)),
      'process.event_loop_delay.max': toDelayMs(delays.max),
      'process.heap.used': process.memoryUsage().heapUsed,
      'process.heap.limit': getHeapStatistics().heap_size_limit,
      'process.memory.rss': process.memoryUsage.rss(),
    } as const
    delays.reset()
    return gauges
  })
}

/** The histogram holds the time from one look to the next, of which the interval itself is no delay; none yet is NaN. */
function toDelayMs(betweenLooksNs: number): number {
  const delayMs = betweenLooksNs / NS_PER_MS - RESOLUTION_MS
  return delayMs > 0 ? delayMs : 0
}
