import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { TableNames } from '../tables.ts'
import { createQueryCalls } from './query-calls.ts'
import { createReadCalls } from './read-calls.ts'
import { createSend } from './send.ts'
import { createWriteCalls } from './write-calls.ts'

export type StoreCalls = ReturnType<typeof createStoreCalls>

/** `now`: milliseconds since the epoch, by which items expire. */
export type StoreCallsOptions = { client: DynamoDBClient; tableNames: TableNames; now: () => number }

/**
 * The calls to DynamoDB, each of which is one: what is asked, from our terms into its own and back. All of them end by
 * their deadline, count their attempts, and throw StoreError when DynamoDB did not answer truly.
 */
export function createStoreCalls({ client, tableNames, now }: StoreCallsOptions) {
  const context = { send: createSend(client), tableNames, now }
  return { ...createReadCalls(context), ...createQueryCalls(context), ...createWriteCalls(context) }
}
