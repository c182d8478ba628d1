import type { FeatureCrud } from '../dynamodb/feature-crud.ts'
import { NotFoundError, ValidationError } from '../errors.ts'
import type { Entity, FeatureMapping, FeatureRecord, TableType } from '../features/feature-record.ts'
import { decodeCursor, encodeCursor, FOREIGN_CURSOR } from '../features/page-cursor.ts'
import { entitiesText, fitReply, itemsText, itemText, pickedText } from '../features/reply-text.ts'
import type { RequestScope } from '../request-scope.ts'

export type FeatureReader = ReturnType<typeof createFeatureReader>

/** `consistent`: with every write that was acknowledged before. */
type ReadRequest = { consistent: boolean; scope: RequestScope }

export type ReadCategoryRequest = ReadRequest & Entity & { category: string }
export type ReadMappingRequest = ReadRequest & Entity & { mapping: FeatureMapping }
export type ReadEntitiesRequest = ReadRequest & {
  tableType: TableType
  identifiers: readonly string[]
  mapping: FeatureMapping
}
/** `limit`: categories; `cursor`: from the page before. */
export type ReadEntityRequest = ReadRequest & Entity & { limit: number; cursor: string | undefined }

type Reads = Pick<FeatureCrud, 'getCategory' | 'getCategories' | 'getPage'>

/** What one entity was found to have, by category. */
type Found = { records: ReadonlyMap<string, FeatureRecord> }

/** A reply as its JSON text, and for those who count, what it serves. */
export type ReadReply = Found & { json: string }

const NONE: ReadonlyMap<string, FeatureRecord> = new Map()

/** Reading features, as the text of replies. What has expired or was deleted is missing. */
export function createFeatureReader(crud: Reads) {
  return {
    /**
     * All features of one category.
     * @throws NotFoundError when it is not stored; StoreError when the store gave no true answer.
     */
    async readCategory({ tableType, identifier, category, consistent, scope }: ReadCategoryRequest) {
      const record = await crud.getCategory({ tableType, identifier }, category, { consistent }, scope)
      if (!record) throw new NotFoundError('Item not found')
      return { json: itemText({ tableType, identifier }, category, record), record }
    },

    /**
     * The named features of several categories; what is missing is said.
     * @throws NotFoundError when none of the categories is stored; StoreError when the store gave no true answer.
     */
    async readMapping({ tableType, identifier, mapping, consistent, scope }: ReadMappingRequest): Promise<ReadReply> {
      const keys = Object.entries(mapping).map(([category, names]) => ({ identifier, category, names }))
      const records = (await crud.getCategories(tableType, keys, { consistent }, scope)).get(identifier)
      if (!records) throw new NotFoundError('No items found for provided mapping')
      const json = fitReply(() => {
        const picked = pickedText({ tableType, identifier }, mapping, records)
        return `{"identifier":${JSON.stringify(identifier)},"table_type":"${tableType}",${picked}}`
      })
      return { json, records }
    },

    /**
     * The same named features of several entities, in the order asked for; what is missing of each is said.
     * @throws ValidationError when entities that are named again would make the reply too large; StoreError when the store gave
     * no true answer of any of them.
     */
    async readEntities({ tableType, identifiers, mapping, consistent, scope }: ReadEntitiesRequest) {
      const categories = Object.entries(mapping)
      const distinct = [...new Set(identifiers)]
      const keys = distinct.flatMap((identifier) => categories.map(([category, names]) => ({ identifier, category, names })))
      const records = await crud.getCategories(tableType, keys, { consistent }, scope)
      const entities = identifiers.map((identifier) => ({ identifier, records: records.get(identifier) ?? NONE }))
      const json = fitReply(() => `{"table_type":"${tableType}","entities":[${entitiesText(tableType, entities, mapping)}]}`)
      return { json, entities }
    },

    /**
     * A page of all that an entity has, by category in their order; `next_cursor` asks for the next one.
     * @throws NotFoundError when the first page has nothing; ValidationError when the cursor is not one of this entity;
     * StoreError when the store gave no true answer.
     */
    async readEntity({ tableType, identifier, limit, cursor, consistent, scope }: ReadEntityRequest): Promise<ReadReply> {
      const entity = { tableType, identifier }
      const after = cursor === undefined ? undefined : decodeCursor(entity, cursor)
      if (cursor !== undefined && after === undefined) throw new ValidationError([{ path: 'cursor', message: FOREIGN_CURSOR }])
      const { records, next } = await crud.getPage(entity, { after, limit }, { consistent }, scope)
      if (cursor === undefined && records.size === 0) throw new NotFoundError('No items found for this identifier')
      const nextCursor = next === undefined ? '' : `,"next_cursor":"${encodeCursor(entity, next)}"`
      const json = fitReply(() => {
        const items = itemsText(entity, records)
        return `{"identifier":${JSON.stringify(identifier)},"table_type":"${tableType}","items":${items}${nextCursor}}`
      })
      return { json, records }
    },
  }
}
