import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Entity, FeatureRecord, Features } from '../features/feature-record.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { RequestScope } from '../request-scope.ts'
import { createBatchGet } from './batch-get.ts'
import { measureCalls } from './measure-calls.ts'
import { createStoreCalls } from './store-calls.ts'
import type { TableNames } from './tables.ts'
import { createVersionedWrite } from './versioned-write.ts'

export type FeatureCrud = ReturnType<typeof createFeatureCrud>

export type FeatureCrudOptions = { client: DynamoDBClient; tableNames: TableNames; now: () => Date; metrics: Metrics }

/** The two tables as functions: each call's cost in DynamoDB calls is part of its promise. */
export function createFeatureCrud({ client, tableNames, now, metrics }: FeatureCrudOptions) {
  const calls = measureCalls(createStoreCalls({ client, tableNames }), metrics)
  const batchGet = createBatchGet(calls)
  const versionedWrite = createVersionedWrite(calls, now)

  return {
    /**
     * Reads one category: one GetItem. Undefined when it is not stored.
     * @throws StoreError when the store did not answer truly before the scope's signal.
     */
    getCategory(entity: Entity, category: string, scope: RequestScope): Promise<FeatureRecord | undefined> {
      return calls.getItem(entity, category, scope)
    },

    /**
     * Reads several categories, each once: one BatchGetItem per 100. What is not stored is not in the map.
     * @throws StoreError when any of them could not be read before the scope's signal; never a gap.
     */
    getCategories(entity: Entity, categories: readonly string[], scope: RequestScope): Promise<Map<string, FeatureRecord>> {
      return batchGet(entity, [...new Set(categories)], scope)
    },

    /**
     * Replaces one category as a whole: exactly one UpdateItem, nothing read before it; created_at of the first write stays.
     * Another one only when it met a later write of the same category.
     * @throws StoreError; its `mayHaveApplied` tells whether the write could have been applied all the same.
     */
    replaceCategory(entity: Entity, category: string, features: Features, scope: RequestScope): Promise<void> {
      return versionedWrite(entity, category, features, scope)
    },
  }
}
