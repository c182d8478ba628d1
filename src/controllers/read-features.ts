import type { FeatureCrud } from '../dynamodb/feature-crud.ts'
import { NotFoundError } from '../errors.ts'
import type { Entity, FeatureRecord, TableType } from '../features/feature-record.ts'
import { type FeatureMapping, pickFeatures } from '../features/pick-features.ts'
import type { RequestScope } from '../request-scope.ts'

export type FeatureReader = ReturnType<typeof createFeatureReader>

export type ReadCategoryRequest = Entity & { category: string; scope: RequestScope }
export type ReadMappingRequest = Entity & { mapping: FeatureMapping; scope: RequestScope }

/** Reading one entity's features. */
export function createFeatureReader(crud: Pick<FeatureCrud, 'getCategory' | 'getCategories'>) {
  return {
    /**
     * All features of one category.
     * @throws NotFoundError when it is not stored; StoreError when the store gave no true answer.
     */
    async readCategory({ tableType, identifier, category, scope }: ReadCategoryRequest) {
      const record = await crud.getCategory({ tableType, identifier }, category, scope)
      if (!record) throw new NotFoundError('Item not found')
      return toItem(tableType, identifier, category, record)
    },

    /**
     * The named features of several categories; what is missing is said.
     * @throws NotFoundError when none of the categories is stored; StoreError when the store gave no true answer.
     */
    async readMapping({ tableType, identifier, mapping, scope }: ReadMappingRequest) {
      const categories = Object.keys(mapping)
      const records = await crud.getCategories({ tableType, identifier }, categories, scope)
      if (records.size === 0) throw new NotFoundError('No items found for provided mapping')

      const items = new Map<string, ReturnType<typeof toItem>>()
      const missingFeatures = new Map<string, string[]>()
      for (const [category, names] of Object.entries(mapping)) {
        const record = records.get(category)
        if (!record) continue
        const { picked, missing } = pickFeatures(record.data, names)
        items.set(category, toItem(tableType, identifier, category, { ...record, data: picked }))
        if (missing.length > 0) missingFeatures.set(category, missing)
      }
      return {
        identifier,
        table_type: tableType,
        items: Object.fromEntries(items),
        missing_categories: categories.filter((category) => !records.has(category)),
        missing_features: Object.fromEntries(missingFeatures),
      }
    },
  }
}

/** One category as the API shows it; the first key is the table's own partition key. */
function toItem(tableType: TableType, identifier: string, category: string, features: FeatureRecord) {
  return tableType === 'bright_uid'
    ? { bright_uid: identifier, category, features }
    : { account_id: identifier, category, features }
}
