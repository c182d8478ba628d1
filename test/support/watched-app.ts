import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { onTestFinished } from 'vitest'
import type { Metrics } from '../../src/metrics/metrics.ts'
import { type Connections, connectionsPlugin } from '../../src/plugins/connections.ts'
import { errorHandlerPlugin } from '../../src/plugins/error-handler.ts'
import { createParserErrorHandler } from '../../src/plugins/parser-errors.ts'
import { requestIdOf, requestIdPlugin } from '../../src/plugins/request-id.ts'
import { createRequestLog } from '../../src/plugins/request-log.ts'
import { createRequestMetrics } from '../../src/plugins/request-metrics.ts'
import { createRequestWatch, requestWatchPlugin } from '../../src/plugins/request-watch.ts'
import { followConnections } from './close-server.ts'
import { createLogSink } from './log-sink.ts'

const NEVER_SLOW_MS = 3_600_000

export type WatchedAppOptions = {
  level?: string
  slowRequestMs?: number
  metrics?: Metrics
  /** Milliseconds that a request may take to arrive. */
  arrivalTimeoutMs?: number
}

/**
 * A bare Fastify on a loopback port, with the request watch, its log, the request's id and the error handler, and with what
 * `register` adds. It ends with the test.
 */
export async function startWatchedApp(
  register: (app: FastifyInstance) => unknown,
  { level = 'info', slowRequestMs = NEVER_SLOW_MS, metrics, arrivalTimeoutMs = 60_000 }: WatchedAppOptions = {},
) {
  const sink = createLogSink(level)
  const logger: FastifyBaseLogger = sink.logger
  const metricsObserver = metrics ? [createRequestMetrics(metrics)] : []
  const open: Connections = new Map()
  const watch = createRequestWatch({ slowRequestMs, observers: [createRequestLog(sink.lineLogger), ...metricsObserver] })
  const app = Fastify({
    requestTimeout: arrivalTimeoutMs,
    // Node takes the longer of the two for the body, and looks at them at this interval.
    http: { headersTimeout: arrivalTimeoutMs, connectionsCheckingInterval: 20 },
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: requestIdOf,
    clientErrorHandler: createParserErrorHandler({ watch, open }),
  })
  await app.register(requestWatchPlugin, watch)
  await app.register(requestIdPlugin)
  await app.register(connectionsPlugin, { open })
  await app.register(errorHandlerPlugin)
  await register(app)

  const connections = followConnections(app)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo

  onTestFinished(connections.close)

  return {
    app,
    sink,
    port,
    url: `http://127.0.0.1:${port}`,
    inFlight: watch.inFlight,
    /** Resolves when the server has seen the end of every connection that there was. */
    connectionsClosed: connections.closed,
    /** All wide lines there are in the end, when nothing can be written any more. */
    async finalRequests() {
      await connections.close()
      return sink.requests()
    },
  }
}

/** Sends a request and reads its reply to the end. */
export async function fetchWhole(url: string, init?: RequestInit) {
  const reply = await fetch(url, init)
  return { status: reply.status, headers: reply.headers, text: await reply.text() }
}
