import { StoreError } from '../errors.ts'
import type { Entity, FeatureRecord } from '../features/feature-record.ts'
import type { RequestScope } from '../request-scope.ts'
import { backOff } from './back-off.ts'
import type { MeasuredCalls } from './measure-calls.ts'

// BatchGetItem's own limit (Amazon DynamoDB API Reference, BatchGetItem).
const MAX_KEYS = 100

/**
 * Reads categories of one entity, 100 a BatchGetItem, the batches side by side; what DynamoDB leaves unprocessed (a reply
 * holds 16 MB at most, and throttling) is asked for again until the deadline. Categories must be distinct.
 * @throws StoreError when any of them could not be read before the scope's signal.
 */
export function createBatchGet({ batchGetItem }: Pick<MeasuredCalls, 'batchGetItem'>) {
  return async function batchGet(
    entity: Entity,
    categories: readonly string[],
    scope: RequestScope,
  ): Promise<Map<string, FeatureRecord>> {
    const batches: (readonly string[])[] = []
    for (let start = 0; start < categories.length; start += MAX_KEYS) batches.push(categories.slice(start, start + MAX_KEYS))
    const found = await Promise.all(batches.map((batch) => readBatch(entity, batch, scope)))
    return new Map(found.flat())
  }

  async function readBatch(entity: Entity, categories: readonly string[], scope: RequestScope) {
    const read: [string, FeatureRecord][] = []
    let pending = categories
    for (let idleReplies = 0; pending.length > 0; ) {
      const { found, unprocessed } = await batchGetItem(entity, pending, scope)
      read.push(...found)
      // A reply with progress was full, not throttled: ask for the rest at once.
      idleReplies = unprocessed.length < pending.length ? 0 : idleReplies + 1
      if (idleReplies > 0) await backOff(idleReplies, scope.signal, throttled)
      pending = unprocessed
    }
    return read
  }
}

function throttled(cause: unknown): StoreError {
  return new StoreError('STORE_THROTTLED', 'The store left part of the read unprocessed until the time was up.', { cause })
}
