import { setImmediate as nextTurn } from 'node:timers/promises'
import './young-objects.ts'
import { buildApp } from './app.ts'
import { type Config, ConfigError, loadConfig } from './config.ts'
import { createControllers, measureControllers } from './controllers/controllers.ts'
import { createFeatureCrud } from './dynamodb/feature-crud.ts'
import { createReadiness } from './dynamodb/readiness.ts'
import { openStore } from './dynamodb/store.ts'
import { createStoreClock } from './dynamodb/store-clock.ts'
import { StoreOpenError } from './dynamodb/store-open-error.ts'
import { errorTypeOf, StoreError } from './errors.ts'
import { createLogger, type Logger } from './log/logger.ts'
import { checkListener } from './metrics/check-listener.ts'
import { createMetrics, type Metrics } from './metrics/metrics.ts'
import { createNoMetrics } from './metrics/no-metrics.ts'
import { observeProcess } from './metrics/process-health.ts'

// A store that goes away is noticed within both together.
const READINESS_INTERVAL_MS = 5000
const MAX_READINESS_TIMEOUT_MS = 3000
// Orchestrators kill after 10 s.
const MIN_DRAIN_LIMIT_MS = 9000
const DRAIN_MARGIN_MS = 1000

/** Starts everything the configuration names, in order; returns how to end it again. */
async function start(config: Config) {
  const { logger, lineLogger } = await createLogger({
    name: config.APP_NAME,
    level: config.LOG_LEVEL,
    pretty: config.ENVIRONMENT === 'development',
  })
  const metrics = openMetrics(config, logger)
  const store = await openStore(config.store)
  for (const { tableName, table } of store.tables) logger.info(`table ${tableName}: ${table}`)

  const { client, tableNames } = store
  const readiness = createReadiness({
    client,
    tableNames,
    intervalMs: READINESS_INTERVAL_MS,
    timeoutMs: Math.min(config.REQUEST_TIMEOUT_MS, MAX_READINESS_TIMEOUT_MS),
    onChange: (fault) => (fault ? logNotReady(logger, fault) : logger.info('ready')),
  })
  metrics.observe(() => ({ 'process.not_ready': readiness.notReadyMs() }))
  const crud = createFeatureCrud({
    client,
    tableNames,
    now: createStoreClock(client),
    metrics,
    coalesceReads: config.READ_COALESCING,
  })
  const measure = { metrics, tagIdentifier: config.STATSD_TAG_IDENTIFIER, now: Date.now }
  const app = await buildApp({
    ...config.app,
    logger,
    lineLogger,
    metrics,
    controllers: measureControllers(createControllers(crud), measure),
    isReady: readiness.isReady,
  })
  // Before the first request, so that versions go by the store's clock from the first write on.
  await readiness.start()
  await app.listen({ host: config.HOST, port: config.PORT })
  logger.info(`${config.APP_NAME} ${config.APP_VERSION}, ${config.ENVIRONMENT}; store: ${store.description}`)
  if (config.docs) logger.info('docs page at /docs')
  logger.info(config.apiKeys ? `who has one of ${config.apiKeys.length} API keys gets in` : 'no API keys: everybody gets in')

  /** Unready first; then requests in flight finish; then what they used closes. */
  async function stop(): Promise<void> {
    readiness.stop()
    await app.acceptWaiting()
    await app.close()
    // The last connections close some turns of the event loop after the server, and with them end the last requests.
    while (app.requestsInFlight() > 0) await nextTurn()
    await store.close()
    await metrics.close()
  }

  /** Cuts what is still in flight, so that it is told of, and sends what was counted. */
  async function giveUp(): Promise<void> {
    app.server.closeAllConnections()
    await nextTurn()
    await nextTurn()
    await metrics.close()
  }
  return {
    logger,
    stop,
    giveUp,
    drainLimitMs: Math.max(MIN_DRAIN_LIMIT_MS, config.REQUEST_TIMEOUT_MS + DRAIN_MARGIN_MS),
  }
}

function logNotReady(logger: Logger, fault: Error): void {
  const advice = fault instanceof StoreError ? fault.advice : undefined
  logger.error({ err: fault, advice }, 'not ready: the tables do not answer')
}

/** Metrics to the host that the configuration names. Of failures to send, the log has the first, and requests none. */
function openMetrics(config: Config, logger: Logger): Metrics {
  const { STATSD_HOST: host, STATSD_PORT: port } = config
  if (host === 'off') return createNoMetrics()
  const warn = (error: Error) =>
    logger.warn({ err: error }, `metrics cannot be sent to ${host}:${port}; no more will be said of it`)
  const metrics = createMetrics({
    host,
    port,
    prefix: config.STATSD_PREFIX,
    format: config.STATSD_FORMAT,
    errorTypeOf,
    onFailure: warn,
  })
  observeProcess(metrics)
  checkListener({ host, port, onRefused: warn })
  return metrics
}

type Service = Awaited<ReturnType<typeof start>>

/**
 * Ends once on SIGTERM or SIGINT; a signal that comes again (npm passes a terminal's Ctrl-C on) changes nothing. Before the
 * start is through there is nothing to finish.
 */
function endOnSignals(starting: Promise<Service>): void {
  let service: Service | undefined
  let ending = false
  let hasGivenUp = false
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!service) process.exit(0)
    if (ending) return
    ending = true
    const { logger, stop, giveUp, drainLimitMs } = service
    logger.info(`${signal}: finishing requests in flight`)
    setTimeout(() => {
      hasGivenUp = true
      logger.error(`requests did not finish within ${drainLimitMs} ms`)
      void giveUp().finally(() => process.exit(1))
    }, drainLimitMs).unref()
    await stop()
    if (hasGivenUp) return
    logger.info('ended')
    process.exit(0)
  }
  starting.then(
    (started) => {
      service = started
    },
    () => {}, // who awaits the start explains why it failed
  )
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
}

/** What went wrong at start, for a person: a sentence where we know it, else the stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StoreOpenError) return error.message
  if (isListenError(error)) return `Cannot listen: ${error.message}. Check HOST and PORT.`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function isListenError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && ['listen', 'bind', 'getaddrinfo'].includes(String(error.syscall))
}

try {
  const starting = start(loadConfig(process.env, process.cwd()))
  endOnSignals(starting)
  await starting
} catch (error) {
  console.error(explain(error))
  process.exit(1)
}
