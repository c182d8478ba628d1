import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { EncodedFeatures } from '../features/encode-features.ts'
import type { Entity, FeatureRecord, ReadKey, RecordsByEntity, TableType, WriterMetadata } from '../features/feature-record.ts'
import type { MergePatch } from '../features/merge-patch.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { RequestScope } from '../request-scope.ts'
import { countSharedCalls, type MeasuredCalls, measureCalls } from './calls/measure-calls.ts'
import type { PageRange } from './calls/query-calls.ts'
import type { ReadOptions } from './calls/read-calls.ts'
import { createStoreCalls } from './calls/store-calls.ts'
import { withDoubt } from './calls/store-errors.ts'
import { createBatchGet } from './reads/batch-get.ts'
import { createEntityPages, type EntityPage } from './reads/entity-pages.ts'
import type { TableNames } from './tables.ts'
import { buryCategory } from './writes/bury-category.ts'
import { mergeCategory } from './writes/merge-category.ts'
import { replaceCategory } from './writes/replace-category.ts'
import { createVersionedWrite } from './writes/versioned-write.ts'

export type FeatureCrud = ReturnType<typeof createFeatureCrud>

export type FeatureCrudOptions = {
  client: DynamoDBClient
  tableNames: TableNames
  now: () => Date
  metrics: Metrics
  /** Whether concurrent reads of one category share calls; left out: they do. */
  coalesceReads?: boolean
}

// Attributes of other programs that one update removes, within its 4 KB.
const MAX_LEFTOVERS = 100

/** The CRUD over DynamoDB. */
export function createFeatureCrud({ client, tableNames, now, metrics, coalesceReads = true }: FeatureCrudOptions) {
  const calls = createStoreCalls({
    client,
    tableNames,
    now: () => now().getTime(),
    coalesceReads,
    onSharedCall: countSharedCalls(metrics),
  })
  return createCrudOver(measureCalls(calls, metrics), now)
}

/**
 * The two tables as functions: each call's cost in DynamoDB calls is part of its promise. What has expired or was deleted is
 * missing. A write takes another UpdateItem when it meets a later one of the same category.
 */
export function createCrudOver(calls: MeasuredCalls, now: () => Date) {
  const batchGet = createBatchGet(calls)
  const pages = createEntityPages(calls)
  const versionedWrite = createVersionedWrite(calls, now)

  return {
    /**
     * Reads one category: one GetItem. Undefined when it is not stored.
     * @throws StoreError when the store did not answer truly before the scope's signal.
     */
    getCategory(entity: Entity, category: string, options: ReadOptions, scope: RequestScope): Promise<FeatureRecord | undefined> {
      return calls.getItem(entity, category, options, scope)
    },

    /**
     * Reads named features of categories of entities, whose keys must be distinct: one BatchGetItem per 100. What is not stored is not there.
     * @throws StoreError when any of them could not be read before the scope's signal; never a gap.
     */
    getCategories(
      tableType: TableType,
      keys: readonly ReadKey[],
      options: ReadOptions,
      scope: RequestScope,
    ): Promise<RecordsByEntity> {
      return batchGet(tableType, keys, options, scope)
    },

    /**
     * Reads a page of what an entity has: one Query, and more only while those before brought nothing live.
     * @throws StoreError as getCategory.
     */
    getPage(entity: Entity, range: PageRange, options: ReadOptions, scope: RequestScope): Promise<EntityPage> {
      return pages.readPage(entity, range, options, scope)
    },

    /**
     * The categories of an entity that are not deleted, expired ones included: one Query for each 1 MB.
     * @throws StoreError as getCategory.
     */
    listCategories(entity: Entity, scope: RequestScope): Promise<string[]> {
      return pages.listCategories(entity, scope)
    },

    /**
     * Replaces one category as a whole: one UpdateItem, nothing read before it, and a second one over an expired item.
     * @throws StaleWriteError when it has a later event time than the writer's; StoreError, whose `mayHaveApplied` tells
     * whether the write could have been applied all the same.
     */
    replaceCategory(
      entity: Entity,
      category: string,
      features: EncodedFeatures,
      writer: WriterMetadata,
      scope: RequestScope,
    ): Promise<void> {
      return versionedWrite(entity, category, replaceCategory(features, writer), scope)
    },

    /**
     * Merges features into one category, and removes others: one UpdateItem, and a second one where there is none.
     * @throws ValidationError before anything is sent when the patch is too long for one; StoreError as replaceCategory.
     */
    async mergeCategory(entity: Entity, category: string, patch: MergePatch, scope: RequestScope): Promise<void> {
      await versionedWrite(entity, category, mergeCategory(patch), scope)
    },

    /**
     * Deletes one category, and says whether it was there: one UpdateItem, and a second one where another program had put
     * attributes of its own beside ours.
     * @throws StoreError as replaceCategory.
     */
    async deleteCategory(entity: Entity, category: string, scope: RequestScope): Promise<boolean> {
      let burial = buryCategory()
      await versionedWrite(entity, category, burial, scope)
      const hasDeleted = burial.hasDeleted()
      while (burial.leftovers().length > 0) {
        burial = buryCategory(burial.leftovers().slice(0, MAX_LEFTOVERS))
        await versionedWrite(entity, category, burial, scope).catch(failAfterDelete)
      }
      return hasDeleted
    },
  }
}

/** The features are gone already: what fails after that is not a delete that was not applied. */
function failAfterDelete(error: unknown): never {
  throw withDoubt(error, true)
}
