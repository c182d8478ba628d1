import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import type { Metrics } from '../metrics/statsd.ts'

async function requestMetrics(app: FastifyInstance, { metrics }: { metrics: Metrics }): Promise<void> {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unmatched'
    if (route.startsWith('/health')) return
    const tags = { method: request.method, route, status_code: String(reply.statusCode) }
    metrics.count('http.request.count', tags)
    metrics.timing('http.request.duration', Math.round(reply.elapsedTime * 1000) / 1000, tags)
  })
}

/** Counts and times every request but /health's. */
export const requestMetricsPlugin = fastifyPlugin(requestMetrics, { name: 'request-metrics' })
