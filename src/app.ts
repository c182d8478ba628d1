import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import type { FeatureReader } from './controllers/read-features.ts'
import type { FeatureWriter } from './controllers/write-features.ts'
import type { Metrics } from './metrics/statsd.ts'
import { docsPlugin } from './plugins/docs.ts'
import { drainingPlugin } from './plugins/draining.ts'
import { errorHandlerPlugin, sendProblem } from './plugins/error-handler.ts'
import { jsonBodyPlugin } from './plugins/json-body.ts'
import { notFoundPlugin } from './plugins/not-found.ts'
import { answerParserError, parserErrorsPlugin } from './plugins/parser-errors.ts'
import { requestIdOf, requestIdPlugin } from './plugins/request-id.ts'
import { requestLogPlugin } from './plugins/request-log.ts'
import { requestMetricsPlugin } from './plugins/request-metrics.ts'
import { zodSchemasPlugin } from './plugins/zod-schemas.ts'
import { healthRoutes } from './routes/health.ts'
import { readRoutes } from './routes/v1/read-routes.ts'
import { writeRoutes } from './routes/v1/write-routes.ts'

export type AppOptions = {
  name: string
  version: string
  bodyLimitBytes: number
  /** Milliseconds from a route's start to the last moment it may wait for the store. */
  requestTimeoutMs: number
  logger: FastifyBaseLogger
  metrics: Metrics
  reader: FeatureReader
  writer: FeatureWriter
  isReady: () => boolean
}

export type App = Awaited<ReturnType<typeof buildApp>>

// A key of 2,048 bytes is three times as long when percent-encoded; Node bounds the whole URL by its 16 KB of headers.
const MAX_PARAM_LENGTH = 16_384

// From the first byte of a request to its last; Node looks every 30 s. Without it a client that stalls keeps its socket.
const ARRIVAL_TIMEOUT_MS = 30_000

/**
 * The service as a Fastify instance, ready to listen or to be injected into: plugins and routes, in the order they act. Closing it
 * waits for the requests in flight; what it was given stays open.
 */
export async function buildApp(options: AppOptions) {
  const app = Fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    bodyLimit: options.bodyLimitBytes,
    requestTimeout: ARRIVAL_TIMEOUT_MS,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    genReqId: requestIdOf,
    frameworkErrors: sendProblem,
    clientErrorHandler: answerParserError,
    // While draining, requests on open connections are still answered truly, and then told to go elsewhere.
    return503OnClosing: false,
  })
  const deadline = () => AbortSignal.timeout(options.requestTimeoutMs)

  await app.register(drainingPlugin)
  await app.register(requestIdPlugin)
  await app.register(requestLogPlugin)
  await app.register(parserErrorsPlugin)
  await app.register(requestMetricsPlugin, { metrics: options.metrics })
  await app.register(errorHandlerPlugin)
  await app.register(notFoundPlugin)
  await app.register(jsonBodyPlugin)
  await app.register(zodSchemasPlugin)
  await app.register(docsPlugin, { title: options.name, version: options.version })

  await app.register(healthRoutes(options.isReady))
  await app.register(readRoutes(options.reader, deadline), { prefix: '/api/v1' })
  await app.register(writeRoutes(options.writer, deadline), { prefix: '/api/v1' })

  await app.ready()
  return app
}
