import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import type { ApiKey } from './api-keys.ts'
import type { Controllers } from './controllers/controllers.ts'
import type { Metrics } from './metrics/metrics.ts'
import { authPlugin } from './plugins/auth.ts'
import { bodyBudgetPlugin } from './plugins/body-budget.ts'
import { bodyLogPlugin } from './plugins/body-log.ts'
import { type Connections, connectionsPlugin } from './plugins/connections.ts'
import { corsPlugin, createAllowOrigin } from './plugins/cors.ts'
import { docsPlugin } from './plugins/docs.ts'
import { drainingPlugin } from './plugins/draining.ts'
import { errorHandlerPlugin, sendProblem } from './plugins/error-handler.ts'
import { jsonBodyPlugin } from './plugins/json-body.ts'
import { notFoundPlugin } from './plugins/not-found.ts'
import { overloadPlugin } from './plugins/overload.ts'
import { createParserErrorHandler } from './plugins/parser-errors.ts'
import { plainHttpPlugin } from './plugins/plain-http.ts'
import { rateLimitPlugin } from './plugins/rate-limit.ts'
import { createBeginWork } from './plugins/request-deadline.ts'
import { requestIdOf, requestIdPlugin } from './plugins/request-id.ts'
import { createRequestLog, type RequestLogger } from './plugins/request-log.ts'
import { createRequestMetrics } from './plugins/request-metrics.ts'
import { createRequestWatch, requestWatchPlugin } from './plugins/request-watch.ts'
import { SECURITY_HEADERS, securityHeadersPlugin } from './plugins/security-headers.ts'
import { slowClientsPlugin } from './plugins/slow-clients.ts'
import { zodCompilers } from './plugins/zod-compilers.ts'
import type { BeginWork } from './routes/begin-work.ts'
import { healthRoutes } from './routes/health.ts'
import { deleteRoutes } from './routes/v1/delete-routes.ts'
import { readRoutes } from './routes/v1/read-routes.ts'
import { writeRoutes } from './routes/v1/write-routes.ts'

export type AppOptions = {
  name: string
  version: string
  bodyLimitBytes: number
  /** Milliseconds from a route's start to the last moment it may wait for the store. */
  requestTimeoutMs: number
  /** Requests at work at once; beyond them OVERLOADED. */
  maxInFlight: number
  /** Bytes of all bodies at once; beyond them OVERLOADED. */
  maxBodyBytesInFlight: number
  /** Who gets in; undefined: everybody. */
  apiKeys: readonly ApiKey[] | undefined
  /** Of one key, or without keys of one address; 0: as many as come. */
  rateLimitPerMinute: number
  /** Whose pages may ask; undefined: none's. */
  corsOrigins: readonly string[] | undefined
  /** Whether /docs and /openapi.json are there, for everybody. */
  docs: boolean
  /** Milliseconds; a request that takes longer is counted and logged as slow. */
  slowRequestMs: number
  /** Whose word on a client's address is taken: as Fastify's trustProxy. */
  trustProxy: boolean | string[]
  logger: FastifyBaseLogger
  /** What writes requests' wide lines. */
  lineLogger: RequestLogger
  metrics: Metrics
  controllers: Controllers
  isReady: () => boolean
}

export type App = Awaited<ReturnType<typeof buildApp>>

// A key of 2,048 bytes is three times as long when percent-encoded; Node bounds the whole URL by its 16 KB of headers.
const MAX_PARAM_LENGTH = 16_384

// Slow clients must not keep their sockets: how long a request's headers, and the whole of it, may take to arrive; how often
// Node looks; and how long a connection may stay silent between requests: longer than load balancers keep theirs, so that it
// is they who close. How long a reply may take to leave is the slow-clients plugin's.
const HEADERS_TIMEOUT_MS = 10_000
const ARRIVAL_TIMEOUT_MS = 30_000
const ARRIVAL_CHECK_INTERVAL_MS = 1000
const KEEP_ALIVE_TIMEOUT_MS = 72_000

/**
 * The service as a Fastify instance, ready to listen or to be injected into: plugins and routes, in the order they act. Closing it
 * waits for the requests in flight; what it was given stays open.
 */
export async function buildApp(options: AppOptions) {
  const watch = createRequestWatch({
    slowRequestMs: options.slowRequestMs,
    observers: [createRequestLog(options.lineLogger), createRequestMetrics(options.metrics)],
  })
  options.metrics.observe(() => ({ 'http.request.in_flight': watch.inFlight() }))

  const open: Connections = new Map()
  const allowOrigin = createAllowOrigin(options.corsOrigins)

  const app = Fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    bodyLimit: options.bodyLimitBytes,
    requestTimeout: ARRIVAL_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: ARRIVAL_CHECK_INTERVAL_MS,
      // Without a Host header the plain-http plugin answers.
      requireHostHeader: false,
    },
    schemaController: { compilersFactory: zodCompilers },
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    genReqId: requestIdOf,
    trustProxy: options.trustProxy,
    // No hook sees a request that the router could not read.
    frameworkErrors: (error, request, reply) => {
      watch.follow(request, reply)
      allowOrigin(request, reply)
      sendProblem(error, request, reply.headers(SECURITY_HEADERS))
    },
    clientErrorHandler: createParserErrorHandler({ watch, open }),
    // While draining, requests on open connections are still answered truly, and then told to go elsewhere.
    return503OnClosing: false,
  })
  const { reader, writer, eraser } = options.controllers
  const beginWork: BeginWork = createBeginWork(options.requestTimeoutMs)

  await app.register(connectionsPlugin, { open })
  await app.register(drainingPlugin, { open })
  await app.register(slowClientsPlugin, { open })
  await app.register(requestWatchPlugin, watch)
  await app.register(requestIdPlugin)
  await app.register(securityHeadersPlugin)
  await app.register(corsPlugin, { allowOrigin })
  await app.register(errorHandlerPlugin)
  await app.register(plainHttpPlugin)
  await app.register(authPlugin, { apiKeys: options.apiKeys })
  await app.register(overloadPlugin, { maxInFlight: options.maxInFlight })
  await app.register(rateLimitPlugin, { perMinute: options.rateLimitPerMinute, byKey: options.apiKeys !== undefined })
  await app.register(notFoundPlugin)
  await app.register(bodyLogPlugin)
  await app.register(bodyBudgetPlugin, { maxBytes: options.maxBodyBytesInFlight })
  await app.register(jsonBodyPlugin)
  if (options.docs) {
    await app.register(docsPlugin, { title: options.name, version: options.version, hasKeys: options.apiKeys !== undefined })
  }

  await app.register(healthRoutes(options.isReady))
  await app.register(readRoutes(reader, beginWork), { prefix: '/api/v1' })
  await app.register(writeRoutes(writer, beginWork), { prefix: '/api/v1' })
  await app.register(deleteRoutes(eraser, beginWork), { prefix: '/api/v1' })

  await app.ready()
  return app
}
