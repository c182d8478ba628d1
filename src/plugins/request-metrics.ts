import { errorTypeOfStatus } from '../errors.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { OutcomeObserver, RequestOutcome } from './request-outcome.ts'

const TAGS = ['method', 'route', 'endpoint', 'api_version', 'status_code', 'status_category']

/** Counts and times each request by what became of it; /health is left out. */
export function createRequestMetrics(metrics: Metrics): OutcomeObserver {
  const seriesOf = metrics.tagged(...TAGS)
  const failedOf = metrics.tagged(...TAGS, 'error_type')

  return (outcome) => {
    const { status, durationMs, bytes, isSlow, labels } = outcome
    if (labels.route.startsWith('/health')) return
    const tags = tagsOf(outcome)
    const series = seriesOf(...tags)
    series.count('http.request.count')
    series.record('http.request.duration', durationMs)
    series.record('http.response.size', bytes)
    if (status < 400) series.count('http.success.count')
    else failedOf(...tags, errorTypeOfStatus(status)).count('http.error.count')
    if (isSlow) series.count('http.slow_request.count')
  }
}

const STATUS_CATEGORIES = ['0xx', '1xx', '2xx', '3xx', '4xx', '5xx']

function tagsOf({ method, status, labels: { route, operation, apiVersion } }: RequestOutcome): string[] {
  return [method, route, operation, apiVersion, String(status), STATUS_CATEGORIES[Math.floor(status / 100)] ?? '5xx']
}
