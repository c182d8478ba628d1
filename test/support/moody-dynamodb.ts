import { setTimeout as delay } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { openEmbeddedStore } from '../../src/dynamodb/embedded-store.ts'
import { openStore } from '../../src/dynamodb/store.ts'
import { askedOf, batch, categoryOf, refusal, throttling } from './dynamodb-replies.ts'
import { type Call, type ScriptedReply, startScriptedDynamoDB } from './scripted-dynamodb.ts'

const SLOW_MS = 50

/**
 * A DynamoDB that fails in every way that metrics tell apart, by the category that a call is about, of a Query by the entity:
 * `broken` for good, `throttled` and `unprocessed` at first, `slow`, and `hanging` for ever. All others it keeps truly. It ends
 * with the test.
 */
export async function startMoodyDynamoDB() {
  const embedded = await openEmbeddedStore('memory')
  await createTables(embedded.endpoint)
  const scripted = await startScriptedDynamoDB(answer, embedded.endpoint)
  onTestFinished(async () => {
    await scripted.close()
    await embedded.close()
  })
  return {
    /** What a service in production needs to use it, with time enough for its retries. */
    env: {
      ENVIRONMENT: 'production',
      AUTH: 'off',
      DOCS: 'on',
      DYNAMODB_ENDPOINT: scripted.url,
      DYNAMODB_CREATE_TABLES: 'false',
      REQUEST_TIMEOUT_MS: '20000',
      DYNAMODB_ATTEMPT_TIMEOUT_MS: '20000',
      SLOW_REQUEST_MS: String(SLOW_MS / 2),
    },
    /** How many calls hang. */
    hanging: () => scripted.calls().filter((call) => namesIn(call).includes('hanging')).length,
  }
}

async function answer(call: Call): Promise<ScriptedReply> {
  const names = namesIn(call)
  if (names.includes('hanging')) return 'hang'
  if (names.includes('broken')) return refusal('InternalServerError', 'broken', 500)
  if (names.includes('slow')) await delay(SLOW_MS)
  if (call.attempt === 1 && names.includes('throttled')) return throttling
  if (call.attempt === 1 && names.includes('unprocessed')) return batch(askedOf(call).table, [], names)
  return 'pass'
}

function namesIn(call: Call): string[] {
  if (call.operation === 'Query') return [call.body.ExpressionAttributeValues?.[':identifier']?.S ?? '']
  return call.operation === 'BatchGetItem' ? askedOf(call).categories : [categoryOf(call)]
}

async function createTables(endpoint: string): Promise<void> {
  const store = await openStore({
    endpoint,
    dataDir: 'memory',
    region: 'us-east-1',
    dummyCredentials: true,
    attemptTimeoutMs: 10_000,
    tableNames: { bright_uid: 'features_bright_uid', account_id: 'features_account_id' },
    createTables: true,
  })
  await store.close()
}
