import type { FeatureCrud } from '../dynamodb/feature-crud.ts'
import { NotFoundError, ValidationError } from '../errors.ts'
import type { Entity, FeatureRecord, TableType } from '../features/feature-record.ts'
import { decodeCursor, encodeCursor, FOREIGN_CURSOR } from '../features/page-cursor.ts'
import { type FeatureMapping, pickFeatures } from '../features/pick-features.ts'
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

const MAX_REPEATED_CHARACTERS = 16 * 1024 * 1024
const NONE: ReadonlyMap<string, FeatureRecord> = new Map()

/** Reading features. What has expired or was deleted is missing. */
export function createFeatureReader(crud: Reads) {
  return {
    /**
     * All features of one category.
     * @throws NotFoundError when it is not stored; StoreError when the store gave no true answer.
     */
    async readCategory({ tableType, identifier, category, consistent, scope }: ReadCategoryRequest) {
      const record = await crud.getCategory({ tableType, identifier }, category, { consistent }, scope)
      if (!record) throw new NotFoundError('Item not found')
      return toItem(tableType, identifier, category, record)
    },

    /**
     * The named features of several categories; what is missing is said.
     * @throws NotFoundError when none of the categories is stored; StoreError when the store gave no true answer.
     */
    async readMapping({ tableType, identifier, mapping, consistent, scope }: ReadMappingRequest) {
      const keys = Object.keys(mapping).map((category) => ({ identifier, category }))
      const records = (await crud.getCategories(tableType, keys, { consistent }, scope)).get(identifier)
      if (!records) throw new NotFoundError('No items found for provided mapping')
      return { identifier, table_type: tableType, ...pickItems({ tableType, identifier }, mapping, records) }
    },

    /**
     * The same named features of several entities, in the order asked for; what is missing of each is said.
     * @throws ValidationError when entities that are named again would make the reply too large; StoreError when the store gave
     * no true answer of any of them.
     */
    async readEntities({ tableType, identifiers, mapping, consistent, scope }: ReadEntitiesRequest) {
      const categories = Object.keys(mapping)
      const distinct = [...new Set(identifiers)]
      const keys = distinct.flatMap((identifier) => categories.map((category) => ({ identifier, category })))
      const records = await crud.getCategories(tableType, keys, { consistent }, scope)
      const entities = new Map(
        distinct.map((identifier) => {
          const items = pickItems({ tableType, identifier }, mapping, records.get(identifier) ?? NONE)
          return [identifier, { identifier, ...items }]
        }),
      )
      const asked = identifiers.flatMap((identifier) => entities.get(identifier) ?? [])
      if (asked.length > distinct.length) requireFewRepeats(asked)
      return { table_type: tableType, entities: asked }
    },

    /**
     * A page of all that an entity has, in the order of its categories.
     * @throws NotFoundError when the first page has nothing; ValidationError when the cursor is not one of this entity;
     * StoreError when the store gave no true answer.
     */
    async readEntity({ tableType, identifier, limit, cursor, consistent, scope }: ReadEntityRequest) {
      const entity = { tableType, identifier }
      const after = cursor === undefined ? undefined : decodeCursor(entity, cursor)
      if (cursor !== undefined && after === undefined) throw new ValidationError([{ path: 'cursor', message: FOREIGN_CURSOR }])
      const { records, next } = await crud.getPage(entity, { after, limit }, { consistent }, scope)
      if (cursor === undefined && records.size === 0) throw new NotFoundError('No items found for this identifier')
      const items = [...records].map(([category, record]) => [category, toItem(tableType, identifier, category, record)] as const)
      return {
        identifier,
        table_type: tableType,
        items: Object.fromEntries(items),
        ...(next === undefined ? {} : { next_cursor: encodeCursor(entity, next) }),
      }
    },
  }
}

/** Named again and again, one large entity would make a reply of hundreds of megabytes out of one read. */
function requireFewRepeats(entities: readonly object[]): void {
  let characters = 0
  for (const [entity, { length }] of Map.groupBy(entities, (each) => each)) {
    if (length > 1) characters += (length - 1) * lengthOf(entity)
  }
  if (characters <= MAX_REPEATED_CHARACTERS) return
  const message = `entities named again would add ${characters} characters to the reply; name each once`
  throw new ValidationError([{ path: '$.identifiers', message }])
}

/** Characters of its JSON; none where it has more than a string can have: then the reply is refused anyway. */
function lengthOf(entity: object): number {
  try {
    return JSON.stringify(entity).length
  } catch {
    return 0
  }
}

/** What of a mapping an entity has, and what it has not. */
function pickItems({ tableType, identifier }: Entity, mapping: FeatureMapping, records: ReadonlyMap<string, FeatureRecord>) {
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
    items: Object.fromEntries(items),
    missing_categories: Object.keys(mapping).filter((category) => !records.has(category)),
    missing_features: Object.fromEntries(missingFeatures),
  }
}

/** One category as the API shows it; the first key is the table's own partition key. */
function toItem(tableType: TableType, identifier: string, category: string, features: FeatureRecord) {
  return tableType === 'bright_uid'
    ? { bright_uid: identifier, category, features }
    : { account_id: identifier, category, features }
}
