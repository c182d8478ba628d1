import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { type AppOptions, buildApp } from '../../src/app.ts'
import { createControllers } from '../../src/controllers/controllers.ts'
import { createFeatureCrud } from '../../src/dynamodb/feature-crud.ts'
import { openStore } from '../../src/dynamodb/store.ts'
import { createNoMetrics } from '../../src/metrics/no-metrics.ts'
import { APP_DEFAULTS } from './app-defaults.ts'
import { followConnections } from './close-server.ts'
import { success } from './dynamodb-replies.ts'
import { createLogSink } from './log-sink.ts'
import { type Script, startScriptedDynamoDB } from './scripted-dynamodb.ts'
import { waitBeforeRetries } from './scripted-service.ts'

const TABLE_NAMES = { bright_uid: 'features_bright_uid', account_id: 'features_account_id' }

export type LoggedServiceOptions = {
  level?: string
  /** How DynamoDB answers; every read finds nothing and every write succeeds if left out. */
  script?: Script
  app?: Partial<AppOptions>
  /** Left out: reads that come at once share calls. */
  coalesceReads?: boolean
}

/** The whole app on a loopback port, with a log of the test's own and a DynamoDB that answers by a script. */
export async function startLoggedService({
  level = 'info',
  script = () => success({}),
  app: given,
  coalesceReads = true,
}: LoggedServiceOptions = {}) {
  waitBeforeRetries('never')
  const dynamodb = await startScriptedDynamoDB(script)
  const store = await openStore({
    endpoint: dynamodb.url,
    dataDir: 'memory',
    region: 'us-east-1',
    dummyCredentials: true,
    attemptTimeoutMs: 10_000,
    tableNames: TABLE_NAMES,
    createTables: false,
  })
  const sink = createLogSink(level)
  const metrics = createNoMetrics()
  const crud = createFeatureCrud({ client: store.client, tableNames: TABLE_NAMES, now: () => new Date(), metrics, coalesceReads })
  const app = await buildApp({
    ...APP_DEFAULTS,
    slowRequestMs: 3_600_000,
    logger: sink.logger,
    lineLogger: sink.lineLogger,
    metrics,
    controllers: createControllers(crud),
    ...given,
  })
  const connections = followConnections(app)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo

  onTestFinished(async () => {
    await connections.close()
    await store.close()
    await dynamodb.close()
  })
  return {
    app,
    sink,
    dynamodb,
    port,
    url: `http://127.0.0.1:${port}`,
    /** All wide lines there are in the end, when nothing can be written any more. */
    async finalRequests() {
      await connections.close()
      return sink.requests()
    },
  }
}

/** A POST of JSON. */
export function jsonPost(body: string): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body }
}
