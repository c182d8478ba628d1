import type { Entity, FeatureRecord, ReadKey, TableType } from '../../features/feature-record.ts'
import type { Metrics } from '../../metrics/metrics.ts'
import { beginStoreCall, endStoreCall, type RequestScope } from '../../request-scope.ts'
import type { Item } from '../items/attribute.ts'
import type { StoredState } from '../items/stored-state.ts'
import { type Progress, startProgress } from './progress.ts'
import type { PageRange, QueryReply } from './query-calls.ts'
import type { BatchReply, ReadOptions } from './read-calls.ts'
import type { SharedCall } from './shared-read.ts'
import type { StoreCalls } from './store-calls.ts'
import type { ItemUpdate } from './write-calls.ts'

type CallName = 'get_item' | 'batch_get_item' | 'query' | 'update_item'

export type MeasuredCalls = ReturnType<typeof measureCalls>

/** Counts the calls that concurrent reads share, and what they took beyond one attempt: once, and not for each of the readers. */
export function countSharedCalls(metrics: Metrics): (call: SharedCall) => void {
  const { ofAsked } = metrics.categories
  const ofTable = metrics.tagged('table_type')
  const itemsOf = metrics.tagged('table_type', 'category')
  const attemptsOf = metrics.tagged('call', 'table_type')
  return ({ operation, tableType, readers, progress, unprocessed }) => {
    if (readers > 1) {
      ofTable(tableType).count('dynamodb.coalesced.reads', readers)
      ofTable(tableType).count('dynamodb.coalesced.calls')
    }
    const { made, throttled } = progress
    if (made > 1) attemptsOf(operation, tableType).count('dynamodb.retry.count', made - 1)
    if (throttled > 0) attemptsOf(operation, tableType).count('dynamodb.throttle.count', throttled)
    for (const { category } of unprocessed) {
      itemsOf(tableType, ofAsked(category)).count('dynamodb.batch_get_item.unprocessed')
    }
  }
}

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
    call: (progress: Progress) => Promise<Result>,
  ): Promise<Result> {
    const progress = startProgress()
    beginStoreCall(work, performance.now())
    try {
      return await call(progress)
    } finally {
      endStoreCall(work, performance.now())
      if (progress.made > 1) attemptsOf(name, tableType).count('dynamodb.retry.count', progress.made - 1)
      if (progress.throttled > 0) attemptsOf(name, tableType).count('dynamodb.throttle.count', progress.throttled)
    }
  }

  /** The same of a Query, of whatever is asked. */
  function countedQuery<Found>(
    { tableType }: Entity,
    { work }: RequestScope,
    call: (progress: Progress) => Promise<QueryReply<Found>>,
  ): Promise<QueryReply<Found>> {
    return counted('query', tableType, work, (progress) =>
      metrics.timeCall(
        'dynamodb.query',
        () => call(progress),
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
      return counted('get_item', tableType, scope.work, (progress) =>
        metrics.timeCall(
          'dynamodb.get_item',
          () => calls.getItem({ tableType, identifier }, category, options, scope, progress),
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
    batchGetItem(tableType: TableType, keys: readonly ReadKey[], options: ReadOptions, scope: RequestScope): Promise<BatchReply> {
      return counted('batch_get_item', tableType, scope.work, async (progress) => {
        const reply = await metrics.timeCall(
          'dynamodb.batch_get_item',
          () => calls.batchGetItem(tableType, keys, options, scope, progress),
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
      return countedQuery(entity, scope, (progress) => calls.queryRecords(entity, range, options, scope, progress))
    },

    /** One Query of categories: see StoreCalls. */
    queryCategories(entity: Entity, after: string | undefined, scope: RequestScope) {
      return countedQuery(entity, scope, (progress) => calls.queryCategories(entity, after, scope, progress))
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
      return counted('update_item', tableType, scope.work, (progress) =>
        metrics.timeCall(
          'dynamodb.update_item',
          () => calls.updateItem(entity, category, makeUpdate, scope, progress),
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
      return counted('get_item', entity.tableType, scope.work, (progress) => calls.getState(entity, category, scope, progress))
    },
  }
}
