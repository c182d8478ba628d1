import type { FeatureRecord, ItemKey, ReadKey, RecordsByEntity, TableType } from '../../features/feature-record.ts'
import type { RequestScope } from '../../request-scope.ts'
import type { MeasuredCalls } from '../calls/measure-calls.ts'
import type { ReadOptions } from '../calls/read-calls.ts'
import { untilProcessed } from '../calls/until-processed.ts'

// BatchGetItem's own limit (Amazon DynamoDB API Reference, BatchGetItem).
const MAX_KEYS = 100

/**
 * Reads named features of categories of entities, 100 a BatchGetItem, the batches side by side; what DynamoDB leaves unprocessed (a reply
 * holds 16 MB at most, and throttling) is asked for again until the deadline. Keys must be distinct.
 * @throws StoreError when any of them could not be read before the scope's signal.
 */
export function createBatchGet({ batchGetItem }: Pick<MeasuredCalls, 'batchGetItem'>) {
  return async function batchGet(
    tableType: TableType,
    keys: readonly ReadKey[],
    options: ReadOptions,
    scope: RequestScope,
  ): Promise<RecordsByEntity> {
    const records = new Map<string, Map<string, FeatureRecord>>()

    function keep({ identifier, category }: ItemKey, record: FeatureRecord): void {
      const ofEntity = records.get(identifier)
      if (ofEntity) ofEntity.set(category, record)
      else records.set(identifier, new Map([[category, record]]))
    }

    async function ask(pending: readonly ReadKey[]): Promise<readonly ReadKey[]> {
      const { found, unprocessed } = await batchGetItem(tableType, pending, options, scope)
      for (const { record, ...key } of found) keep(key, record)
      return unprocessed
    }

    const batches: (readonly ReadKey[])[] = []
    for (let start = 0; start < keys.length; start += MAX_KEYS) batches.push(keys.slice(start, start + MAX_KEYS))
    await Promise.all(batches.map((batch) => untilProcessed(batch, ask, scope.signal)))
    return records
  }
}
