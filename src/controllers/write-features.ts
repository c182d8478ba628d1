import type { FeatureCrud } from '../dynamodb/feature-crud.ts'
import { ServiceError } from '../errors.ts'
import type { CategoryFeatures } from '../features/check-body.ts'
import type { EntityFeatures } from '../features/check-entities.ts'
import type { EncodedFeatures } from '../features/encode-features.ts'
import type { Entity, ItemKey, TableType, WriterMetadata } from '../features/feature-record.ts'
import { checkItemBytes, estimateFeatureBytes, estimateItemBytes, keyBytesOf } from '../features/item-size.ts'
import { splitPatch } from '../features/merge-patch.ts'
import type { RequestScope } from '../request-scope.ts'
import { byCategory, byEntity, type Outcome, type WritesOptions, writeSideBySide } from './write-side-by-side.ts'

export type FeatureWriter = ReturnType<typeof createFeatureWriter>

type WriteRequest = { tableType: TableType; writer: WriterMetadata; scope: RequestScope }

export type WriteCategoriesRequest = WriteRequest & Entity & { categories: CategoryFeatures }
export type WriteEntitiesRequest = WriteRequest & { entities: EntityFeatures }
export type MergeRequest = Entity & { category: string; patch: EncodedFeatures; scope: RequestScope }

type Replacement = ItemKey & { features: EncodedFeatures }
type Replaced = { status: 'replaced'; feature_count: number }

const MESSAGE = 'Items written successfully (full replace per category)'

/** Writing features. */
export function createFeatureWriter(crud: Pick<FeatureCrud, 'replaceCategory' | 'mergeCategory'>) {
  /** Replaces each category as a whole, one UpdateItem each, once all of them are known to fit. */
  function replaceAll(
    writes: readonly Replacement[],
    { tableType, writer, scope }: WriteRequest,
    show: WritesOptions<Replacement, Replaced>['show'],
  ): Promise<Outcome<Replaced>[]> {
    for (const write of writes) {
      requireSize(write.category, estimateItemBytes(keyBytesOf(tableType, write), write.features.bytes, writer))
    }
    return writeSideBySide({
      writes,
      done: 'replaced',
      scope,
      show,
      perform: ({ identifier, category, features }) =>
        crud.replaceCategory({ tableType, identifier }, category, features, writer, scope),
      success: ({ features }) => ({ status: 'replaced', feature_count: features.members.size }),
    })
  }

  return {
    /**
     * Replaces categories of one entity.
     * @throws ServiceError ITEM_TOO_LARGE before anything is written when a category cannot fit an item;
     * WriteError with each category's fate when any was not replaced for certain.
     */
    async writeCategories(request: WriteCategoriesRequest) {
      const { tableType, identifier, categories } = request
      const writes = [...categories].map(([category, features]) => ({ identifier, category, features }))
      const replaced = await replaceAll(writes, request, byCategory)
      return {
        message: MESSAGE,
        identifier,
        table_type: tableType,
        results: byCategory(replaced),
        total_features: totalOf(replaced),
      }
    },

    /**
     * Replaces categories of several entities.
     * @throws as writeCategories; the WriteError's results are by identifier and category.
     */
    async writeEntities(request: WriteEntitiesRequest) {
      const writes = [...request.entities].flatMap(([identifier, categories]) =>
        [...categories].map(([category, features]) => ({ identifier, category, features })),
      )
      const replaced = await replaceAll(writes, request, byEntity)
      return {
        message: MESSAGE,
        table_type: request.tableType,
        results: byEntity(replaced),
        total_features: totalOf(replaced),
      }
    },

    /**
     * Merges features into a category, null for those to remove; creates it where it is not there.
     * @throws ServiceError ITEM_TOO_LARGE when it cannot fit an item; ValidationError when it is too long for one UpdateItem;
     * WriteError when it was not merged for certain.
     */
    async mergeCategory({ tableType, identifier, category, patch, scope }: MergeRequest) {
      const split = splitPatch(patch)
      const { features, removed } = split
      requireSize(category, keyBytesOf(tableType, { identifier, category }) + estimateFeatureBytes(features.bytes))
      const merged = await writeSideBySide({
        writes: [{ identifier, category }],
        done: 'merged',
        scope,
        show: byCategory,
        perform: () => crud.mergeCategory({ tableType, identifier }, category, split, scope),
        success: () => ({ status: 'merged', feature_count: features.members.size, removed_count: removed.length }) as const,
      })
      return { message: 'Features merged successfully', identifier, table_type: tableType, results: byCategory(merged) }
    },
  }
}

function requireSize(category: string, bytes: number): void {
  const fault = checkItemBytes(category, bytes)
  if (fault !== undefined) throw new ServiceError('ITEM_TOO_LARGE', `${fault} Nothing was written.`)
}

function totalOf(replaced: readonly Outcome<Replaced>[]): number {
  return replaced.reduce((sum, { result }) => sum + result.feature_count, 0)
}
