import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { TableNames } from '../tables.ts'
import { coalesceReads } from './coalesce-reads.ts'
import { createQueryCalls } from './query-calls.ts'
import { createReadCalls, type ReadCalls } from './read-calls.ts'
import { createSend } from './send.ts'
import type { SharedCall } from './shared-read.ts'
import { createWriteCalls } from './write-calls.ts'

export type StoreCalls = ReturnType<typeof createStoreCalls>

export type StoreCallsOptions = {
  client: DynamoDBClient
  tableNames: TableNames
  /** Milliseconds since the epoch, by which items expire. */
  now: () => number
  /** Whether concurrent reads of one category share BatchGetItems. */
  coalesceReads: boolean
  /** Told of each call that they share. */
  onSharedCall: (call: SharedCall) => void
}

/**
 * The calls to DynamoDB, each of which is one: what is asked, from our terms into its own and back. All of them end by
 * their deadline, count their attempts, and throw StoreError when DynamoDB did not answer truly.
 */
export function createStoreCalls({ client, tableNames, now, coalesceReads: isCoalescing, onSharedCall }: StoreCallsOptions) {
  const context = { send: createSend(client), tableNames, now }
  const reads = createReadCalls(context)
  return {
    ...(isCoalescing ? coalesceReads(reads, onSharedCall) : pickReads(reads)),
    ...createQueryCalls(context),
    ...createWriteCalls(context),
  }
}

function pickReads({ getItem, batchGetItem }: ReadCalls): Pick<ReadCalls, 'getItem' | 'batchGetItem'> {
  return { getItem, batchGetItem }
}
