import { setTimeout as delay } from 'node:timers/promises'
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { onTestFinished } from 'vitest'
import { openEmbeddedStore } from '../../src/dynamodb/embedded-store.ts'
import { openStore } from '../../src/dynamodb/store.ts'
import { askedOf, categoryOf, refusal, throttling } from './dynamodb-replies.ts'
import { type Call, type ScriptedReply, startScriptedDynamoDB } from './scripted-dynamodb.ts'
import { storedItem } from './stored-items.ts'

const SLOW_MS = 50

/**
 * The embedded store behind a proxy that is in trouble with some categories: `throttled` and `unprocessed` at every second
 * attempt, `slow`, and `broken` for good. It has the category `old` of the entity `user`, written long ago. It ends with the test.
 */
export async function startTroubledDynamoDB() {
  const embedded = await openEmbeddedStore('memory')
  await putOldItem(embedded.endpoint)
  const proxy = await startScriptedDynamoDB(answer, embedded.endpoint)
  onTestFinished(async () => {
    await proxy.close()
    await embedded.close()
  })
  return {
    /** What a service needs to use it, with time enough for its retries. */
    env: { DYNAMODB_ENDPOINT: proxy.url, REQUEST_TIMEOUT_MS: '20000', SLOW_REQUEST_MS: String(SLOW_MS / 2) },
  }
}

async function answer(call: Call): Promise<ScriptedReply> {
  const isBatch = call.operation === 'BatchGetItem'
  const categories = isBatch ? askedOf(call).categories : [categoryOf(call)]
  // The same call comes again with the next round of the load, whose first attempt is to fail like that of the first.
  const isFirst = call.attempt % 2 === 1
  if (categories.includes('broken')) return refusal('InternalServerError', 'broken', 500)
  if (categories.includes('slow')) await delay(SLOW_MS)
  if (isFirst && categories.includes('throttled')) return throttling
  if (isFirst && isBatch) return { answers: (category) => category !== 'unprocessed' }
  return 'pass'
}

async function putOldItem(endpoint: string): Promise<void> {
  const store = await openStore({
    endpoint,
    dataDir: 'memory',
    region: 'us-east-1',
    dummyCredentials: true,
    attemptTimeoutMs: 10_000,
    tableNames: { bright_uid: 'features_bright_uid', account_id: 'features_account_id' },
    createTables: true,
  })
  const Item = storedItem('user', 'old')
  await store.client.send(new PutItemCommand({ TableName: store.tableNames.bright_uid, Item }))
  await store.close()
}
