import type { Entity, FeatureRecord, Features, TableType } from '../features/feature-record.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { beginStoreCall, endStoreCall, type RequestScope } from '../request-scope.ts'
import type { Attempts } from './send.ts'
import type { BatchReply, StoreCalls } from './store-calls.ts'

type CallName = 'get_item' | 'batch_get_item' | 'update_item'

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

  return {
    /** One GetItem: see StoreCalls. */
    getItem({ tableType, identifier }: Entity, category: string, scope: RequestScope): Promise<FeatureRecord | undefined> {
      return counted('get_item', tableType, scope.work, (attempts) =>
        metrics.timeCall(
          'dynamodb.get_item',
          () => calls.getItem({ tableType, identifier }, category, scope, attempts),
          (ending) => {
            const isFound = ending.ok && ending.result !== undefined
            const call = ofCategory(tableType, isFound ? ofStored(category) : ofAsked(category))
            if (ending.ok) call.series.count(isFound ? 'dynamodb.get_item.found' : 'dynamodb.get_item.not_found')
            return call
          },
        ),
      )
    },

    /** One GetItem of no more than the version, which is no read of features and not timed as one: see StoreCalls. */
    getVersion(entity: Entity, category: string, scope: RequestScope): Promise<number | undefined> {
      return counted('get_item', entity.tableType, scope.work, (attempts) => calls.getVersion(entity, category, scope, attempts))
    },

    /** One BatchGetItem: see StoreCalls. */
    batchGetItem(entity: Entity, categories: readonly string[], scope: RequestScope): Promise<BatchReply> {
      const { tableType } = entity
      return counted('batch_get_item', tableType, scope.work, async (attempts) => {
        const reply = await metrics.timeCall(
          'dynamodb.batch_get_item',
          () => calls.batchGetItem(entity, categories, scope, attempts),
          () => ofTable(tableType),
        )
        const unprocessed = new Set(reply.unprocessed)
        for (const category of categories) {
          if (reply.found.has(category)) itemsOf(tableType, ofStored(category)).count('dynamodb.batch_get_item.found')
          else if (unprocessed.has(category)) itemsOf(tableType, ofAsked(category)).count('dynamodb.batch_get_item.unprocessed')
          else itemsOf(tableType, ofAsked(category)).count('dynamodb.batch_get_item.not_found')
        }
        return reply
      })
    },

    /** One UpdateItem: see StoreCalls. */
    updateItem(entity: Entity, category: string, features: Features, version: number, scope: RequestScope): Promise<void> {
      const { tableType } = entity
      return counted('update_item', tableType, scope.work, (attempts) =>
        metrics.timeCall(
          'dynamodb.update_item',
          () => calls.updateItem(entity, category, features, version, scope, attempts),
          (ending) => {
            const call = ofCategory(tableType, ending.ok ? ofStored(category) : ofAsked(category))
            if (ending.ok) call.series.count('dynamodb.update_item.feature_count', Object.keys(features).length)
            return call
          },
        ),
      )
    },
  }
}
