import { errorTypeOfStatus } from '../errors.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { type OutcomeKind, type OutcomeObserver, perKind } from './request-outcome.ts'
import { isHealth } from './route-labels.ts'

const TAGS = ['method', 'route', 'endpoint', 'api_version', 'status_code', 'status_category']

/** Counts and times each request by what became of it; /health is left out. */
export function createRequestMetrics(metrics: Metrics): OutcomeObserver {
  const seriesOf = metrics.tagged(...TAGS)
  const failedOf = metrics.tagged(...TAGS, 'error_type')
  const requests = perKind((kind) => seriesOf(...tagsOf(kind)))
  const failures = perKind((kind) => failedOf(...tagsOf(kind), errorTypeOfStatus(kind.status)))

  return ({ kind, durationMs, bytes, isSlow }) => {
    if (isHealth(kind.labels)) return
    const series = requests(kind)
    series.count('http.request.count')
    series.record('http.request.duration', durationMs)
    series.record('http.response.size', bytes)
    if (kind.status < 400) series.count('http.success.count')
    else failures(kind).count('http.error.count')
    if (isSlow) series.count('http.slow_request.count')
  }
}

function tagsOf({ method, status, labels: { route, operation, apiVersion } }: OutcomeKind): string[] {
  return [method, route, operation, apiVersion, String(status), `${Math.floor(status / 100)}xx`]
}
