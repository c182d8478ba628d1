import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { onTestFinished } from 'vitest'
import { type AppOptions, buildApp } from '../../src/app.ts'
import { createControllers } from '../../src/controllers/controllers.ts'
import { createRetryStrategy } from '../../src/dynamodb/calls/retry-strategy.ts'
import { createFeatureCrud } from '../../src/dynamodb/feature-crud.ts'
import { createRequestHandler } from '../../src/dynamodb/wire/request-handler.ts'
import type { Metrics } from '../../src/metrics/metrics.ts'
import { createNoMetrics } from '../../src/metrics/no-metrics.ts'
import { APP_DEFAULTS } from './app-defaults.ts'
import { followConnections } from './close-server.ts'
import { createLogSink } from './log-sink.ts'
import { jsonPost } from './logged-service.ts'
import { waitBeforeRetries } from './scripted-service.ts'

const TABLE_NAMES = { bright_uid: 'features_bright_uid', account_id: 'features_account_id' }
const ATTEMPT_TIMEOUT_MS = 10_000

export type OverClientOptions = { app?: Partial<AppOptions>; metrics?: Metrics }

/** The SDK's client with the parts that the service gives it, and a configuration of the test's own. It ends with the test. */
export function createTestClient(config: DynamoDBClientConfig): DynamoDBClient {
  const client = new DynamoDBClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    retryStrategy: createRetryStrategy(3),
    requestHandler: createRequestHandler({ maxSockets: 64, timeoutMs: ATTEMPT_TIMEOUT_MS }),
    ...config,
  })
  onTestFinished(() => client.destroy())
  return client
}

/** The whole service over a client of the test's own, its log in the test's hands. Retries do not wait. It ends with the test. */
export async function startServiceOver(config: DynamoDBClientConfig, { app: given, metrics }: OverClientOptions = {}) {
  waitBeforeRetries('never')
  const client = createTestClient(config)
  const measured = metrics ?? createNoMetrics()
  const crud = createFeatureCrud({ client, tableNames: TABLE_NAMES, now: () => new Date(), metrics: measured })
  const sink = createLogSink()
  const app = await buildApp({
    ...APP_DEFAULTS,
    slowRequestMs: 3_600_000,
    logger: sink.logger,
    lineLogger: sink.lineLogger,
    metrics: measured,
    controllers: createControllers(crud),
    ...given,
  })
  const connections = followConnections(app)
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(connections.close)

  async function send(url: string, body?: unknown) {
    const reply = await fetch(`${address}/api/v1${url}`, body === undefined ? {} : jsonPost(JSON.stringify(body)))
    return { status: reply.status, json: (await reply.json()) as Record<string, unknown> }
  }

  return {
    app,
    sink,
    /** All wide lines there are in the end, when nothing can be written any more. */
    async finalRequests() {
      await connections.close()
      return sink.requests()
    },
    read: (identifier: string, category: string) => send(`/get/item/${identifier}/${category}`),
    readSeveral: (identifier: string, mapping: unknown) => send(`/get/item/${identifier}`, mapping),
    readPage: (identifier: string) => send(`/get/item/${identifier}`),
    write: (identifier: string, body: unknown) => send(`/items/${identifier}`, body),
  }
}

export type ServiceOverClient = Awaited<ReturnType<typeof startServiceOver>>
