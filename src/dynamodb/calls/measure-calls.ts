import type { Entity, FeatureRecord, ItemKey, TableType } from '../../features/feature-record.ts'
import type { Metrics } from '../../metrics/metrics.ts'
import { beginStoreCall, endStoreCall, type RequestScope } from '../../request-scope.ts'
import type { Item, StoredState } from '../items/stored-state.ts'
import type { PageRange, QueryReply } from './query-calls.ts'
import type { BatchReply, ReadOptions } from './read-calls.ts'
import type { Attempts } from './send.ts'
import type { StoreCalls } from './store-calls.ts'
import type { ItemUpdate } from './write-calls.ts'

type CallName = 'get_item' | 'batch_get_item' | 'query' | 'update_item'

export type MeasuredCalls = ReturnType<typeof measureCalls>

/**
 * The same calls, each timed, counted, and entered in the account of the request that it is for. A category takes its place
 * among the tags when it is found or written.
 */
export function measureCalls(calls: StoreCalls, metrics: Metrics) {
  const { ofStored, ofAsked } = metrics.categories
  const ofTable = metrics.taggedCalls('table_type')
  const ofCategory = metrics.taggedCalls('table_type', 'category')
  const itemsOf = metrics.tagged('table_type', 'category')
  const attemptsOf = metrics.tagged('call', 'table_type')

  /** Runs one call in its request's account, and counts what it took beyond one attempt. */
  async function counted<Result>(
    name: CallName,
    tableType: TableType,
    work: RequestScope['work'],
    call: (attempts: Attempts) => Promise<Result>,
  ): Promise<Result> {
    const attempts = { made: 0, throttled: 0 }
    beginStoreCall(work, performance.now())
    try {
      return await call(attempts)
    } finally {
      endStoreCall(work, performance.now())
      if (attempts.made > 1) attemptsOf(name, tableType).count('dynamodb.retry.count', attempts.made - 1)
      if (attempts.throttled > 0) attemptsOf(name, tableType).count('dynamodb.throttle.count', attempts.throttled)
    }
  }

  /** The same of a Query, of whatever is asked. */
  function countedQuery<Found>(
    { tableType }: Entity,
    { work }: RequestScope,
    call: (attempts: Attempts) => Promise<QueryReply<Found>>,
  ): Promise<QueryReply<Found>> {
    return counted('query', tableType, work, (attempts) =>
      metrics.timeCall(
        'dynamodb.query',
        () => call(attempts),
        () => ofTable(tableType),
      ),
    )
  }

  return {
    /** One GetItem: see StoreCalls. */
    getItem(
      { tableType, identifier }: Entity,
      category: string,
      options: ReadOptions,
      scope: RequestScope,
    ): Promise<FeatureRecord | undefined> {
      return counted('get_item', tableType, scope.work, (attempts) =>
        metrics.timeCall(
          'dynamodb.get_item',
          () => calls.getItem({ tableType, identifier }, category, options, scope, attempts),
          (ending) => {
            const isFound = ending.ok && ending.result !== undefined
            const call = ofCategory(tableType, isFound ? ofStored(category) : ofAsked(category))
            if (ending.ok) call.series.count(isFound ? 'dynamodb.get_item.found' : 'dynamodb.get_item.not_found')
            return call
          },
        ),
      )
    },

    /** One BatchGetItem: see StoreCalls. */
    batchGetItem(tableType: TableType, keys: readonly ItemKey[], options: ReadOptions, scope: RequestScope): Promise<BatchReply> {
      return counted('batch_get_item', tableType, scope.work, async (attempts) => {
        const reply = await metrics.timeCall(
          'dynamodb.batch_get_item',
          () => calls.batchGetItem(tableType, keys, options, scope, attempts),
          () => ofTable(tableType),
        )
        const { found, unprocessed, missing } = reply
        for (const { category } of found) itemsOf(tableType, ofStored(category)).count('dynamodb.batch_get_item.found')
        for (const { category } of missing) itemsOf(tableType, ofAsked(category)).count('dynamodb.batch_get_item.not_found')
        for (const { category } of unprocessed) {
          itemsOf(tableType, ofAsked(category)).count('dynamodb.batch_get_item.unprocessed')
        }
        return reply
      })
    },

    /** One Query of records: see StoreCalls. */
    queryRecords(entity: Entity, range: PageRange, options: ReadOptions, scope: RequestScope) {
      return countedQuery(entity, scope, (attempts) => calls.queryRecords(entity, range, options, scope, attempts))
    },

    /** One Query of categories: see StoreCalls. */
    queryCategories(entity: Entity, after: string | undefined, scope: RequestScope) {
      return countedQuery(entity, scope, (attempts) => calls.queryCategories(entity, after, scope, attempts))
    },

    /** One UpdateItem that writes so many features, or deletes (undefined): see StoreCalls. */
    updateItem(
      entity: Entity,
      category: string,
      featureCount: number | undefined,
      makeUpdate: () => ItemUpdate,
      scope: RequestScope,
    ): Promise<Item | undefined> {
      const { tableType } = entity
      return counted('update_item', tableType, scope.work, (attempts) =>
        metrics.timeCall(
          'dynamodb.update_item',
          () => calls.updateItem(entity, category, makeUpdate, scope, attempts),
          (ending) => {
            const isWritten = ending.ok && featureCount !== undefined
            const call = ofCategory(tableType, isWritten ? ofStored(category) : ofAsked(category))
            if (isWritten) call.series.count('dynamodb.update_item.feature_count', featureCount)
            return call
          },
        ),
      )
    },

    /** One GetItem that is no read of features and not timed as one: see StoreCalls. */
    getState(entity: Entity, category: string, scope: RequestScope): Promise<StoredState> {
      return counted('get_item', entity.tableType, scope.work, (attempts) => calls.getState(entity, category, scope, attempts))
    },
  }
}
