import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { buildApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { createControllers, measureControllers } from '../../src/controllers/controllers.ts'
import { createFeatureCrud } from '../../src/dynamodb/feature-crud.ts'
import { errorTypeOf } from '../../src/errors.ts'
import { createLogger } from '../../src/log/logger.ts'
import { createMetrics } from '../../src/metrics/metrics.ts'
import { createNoMetrics } from '../../src/metrics/no-metrics.ts'
import { observeProcess } from '../../src/metrics/process-health.ts'
import { answerTo } from './dynamodb-answers.ts'

// The service, but for the SDK: its DynamoDB is a function that answers at once, so that small costs are not lost in the
// SDK's large and restless one. Settings as the service's own, from the environment.
const config = loadConfig(process.env, '/')
const client = {
  send: async ({ input: { operation, body } }: { input: { operation: string; body: string } }) =>
    answerTo(operation, JSON.parse(body)),
}
const metrics =
  config.STATSD_HOST === 'off'
    ? createNoMetrics()
    : createMetrics({
        host: config.STATSD_HOST,
        port: config.STATSD_PORT,
        prefix: config.STATSD_PREFIX,
        format: config.STATSD_FORMAT,
        errorTypeOf,
        onFailure: (error) => console.error(error),
      })
if (config.STATSD_HOST !== 'off') observeProcess(metrics)
const { tableNames } = config.store
const crud = createFeatureCrud({ client: client as unknown as DynamoDBClient, tableNames, now: () => new Date(), metrics })
const measure = { metrics, tagIdentifier: config.STATSD_TAG_IDENTIFIER, now: Date.now }
const app = await buildApp({
  ...config.app,
  ...(await createLogger({ name: config.APP_NAME, level: config.LOG_LEVEL, pretty: false })),
  metrics,
  controllers: measureControllers(createControllers(crud), measure),
  isReady: () => true,
})
await app.listen({ host: config.HOST, port: config.PORT })
