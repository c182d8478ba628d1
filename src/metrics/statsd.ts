import { StatsD } from 'hot-shots'

export type MetricTags = Record<string, string>

export type MetricsOptions = {
  host: string
  port: number
  /** What every name begins with, without its dot. */
  prefix: string
  /** Told of a failure to send, which never reaches a request. */
  onError: (error: Error) => void
}

export type Metrics = ReturnType<typeof createMetrics>

// A UDP datagram that fits an Ethernet frame.
const BUFFER_BYTES = 1400

/** Metrics over StatsD: UDP, buffered, DogStatsD tags. Sending never waits and never fails a caller. */
export function createMetrics({ host, port, prefix, onError }: MetricsOptions) {
  const statsd = new StatsD({
    host,
    port,
    prefix: `${prefix}.`,
    maxBufferSize: BUFFER_BYTES,
    cacheDns: true,
    errorHandler: onError,
  })
  return {
    /** Adds one to a counter. */
    count(name: string, tags: MetricTags): void {
      statsd.increment(name, 1, tags)
    },
    /** Records a duration in milliseconds. */
    timing(name: string, durationMs: number, tags: MetricTags): void {
      statsd.timing(name, durationMs, tags)
    },
    /** Sends what is buffered and closes the socket. */
    close(): Promise<void> {
      return new Promise((resolve) => statsd.close(() => resolve()))
    },
  }
}
