import { StoreError } from '../../errors.ts'
import type { FeatureRecord, ItemKey, RecordsByEntity, TableType } from '../../features/feature-record.ts'
import type { RequestScope } from '../../request-scope.ts'
import { backOff } from '../calls/back-off.ts'
import type { MeasuredCalls } from '../calls/measure-calls.ts'
import type { ReadOptions } from '../calls/read-calls.ts'

// BatchGetItem's own limit (Amazon DynamoDB API Reference, BatchGetItem).
const MAX_KEYS = 100

/**
 * Reads categories of entities, 100 a BatchGetItem, the batches side by side; what DynamoDB leaves unprocessed (a reply
 * holds 16 MB at most, and throttling) is asked for again until the deadline. Keys must be distinct.
 * @throws StoreError when any of them could not be read before the scope's signal.
 */
export function createBatchGet({ batchGetItem }: Pick<MeasuredCalls, 'batchGetItem'>) {
  return async function batchGet(
    tableType: TableType,
    keys: readonly ItemKey[],
    options: ReadOptions,
    scope: RequestScope,
  ): Promise<RecordsByEntity> {
    const records = new Map<string, Map<string, FeatureRecord>>()

    function keep({ identifier, category }: ItemKey, record: FeatureRecord): void {
      const ofEntity = records.get(identifier)
      if (ofEntity) ofEntity.set(category, record)
      else records.set(identifier, new Map([[category, record]]))
    }

    async function readBatch(batch: readonly ItemKey[]): Promise<void> {
      let pending = batch
      for (let idleReplies = 0; pending.length > 0; ) {
        const { found, unprocessed } = await batchGetItem(tableType, pending, options, scope)
        for (const { record, ...key } of found) keep(key, record)
        // A reply with progress was full, not throttled: ask for the rest at once.
        idleReplies = unprocessed.length < pending.length ? 0 : idleReplies + 1
        if (idleReplies > 0) await backOff(idleReplies, scope.signal, throttled)
        pending = unprocessed
      }
    }

    const batches: (readonly ItemKey[])[] = []
    for (let start = 0; start < keys.length; start += MAX_KEYS) batches.push(keys.slice(start, start + MAX_KEYS))
    await Promise.all(batches.map(readBatch))
    return records
  }
}

function throttled(cause: unknown): StoreError {
  return new StoreError('STORE_THROTTLED', 'The store left part of the read unprocessed until the time was up.', { cause })
}
