import { StoreError } from '../../errors.ts'
import type { Entity, FeatureRecord } from '../../features/feature-record.ts'
import type { Deadline } from '../../request-scope.ts'
import type { Item } from '../items/attribute.ts'
import { keyOf } from '../items/item-key.ts'
import { toRecord } from '../items/record-json.ts'
import { type CallContext, keyJson } from './call-context.ts'
import type { Progress } from './progress.ts'
import type { ReadOptions } from './read-calls.ts'

/** Where a page of an entity's categories begins (behind `after`), and how many items it looks at. */
export type PageRange = { after: string | undefined; limit: number }

/** What one Query brought, and the category behind which there may be more; undefined: there is none. */
export type QueryReply<Found> = { found: Found[]; last: string | undefined }

/** What one Query asks for beside its entity: Amazon DynamoDB API Reference, Query. */
type QueryOptions = {
  Limit?: number
  ConsistentRead?: boolean
  ProjectionExpression?: string
  FilterExpression?: string
  ExpressionAttributeNames?: Readonly<Record<string, string>>
}

/** Reading of what an entity has. */
export function createQueryCalls({ send, tableNames, now }: CallContext) {
  async function query(
    { tableType, identifier }: Entity,
    after: string | undefined,
    options: QueryOptions,
    deadline: Deadline,
    progress: Progress,
  ): Promise<QueryReply<Item & { category: { S: string } }>> {
    const tableName = tableNames[tableType]
    const input = JSON.stringify({
      TableName: tableName,
      KeyConditionExpression: '#entity = :identifier',
      ...options,
      ExpressionAttributeNames: { '#entity': tableType, ...options.ExpressionAttributeNames },
      ExpressionAttributeValues: { ':identifier': { S: identifier } },
    })
    const start = after === undefined ? '' : `,"ExclusiveStartKey":${keyJson(tableType, { identifier, category: after })}`
    const makeBody = () => `${input.slice(0, -1)}${start}}`
    const reply = await send({ operation: 'Query', tableName, makeBody }, deadline, progress)

    /** The category of a key that must be one of the entity's. */
    function requireCategory(item: Item): string {
      const key = keyOf(item, tableType)
      return key?.identifier === identifier ? key.category : refuse()
    }

    let reached = after
    const found = requireItems(reply.Items).map((item) => {
      const category = requireCategory(item)
      if (reached !== undefined && order(category, reached) <= 0) refuse()
      reached = category
      return { ...item, category: { S: category } }
    })
    if (reply.LastEvaluatedKey === undefined) return { found, last: undefined }
    const last = requireCategory(reply.LastEvaluatedKey as Item)
    // Mostly it is the last item's own. Without items, it must lead on, or the walk would never end.
    if (reached !== undefined && order(last, reached) < (found.length > 0 ? 0 : 1)) refuse()
    return { found, last }
  }

  return {
    /** The live ones of up to `limit` items behind a category, in order; a page ends at 1 MB, too. */
    async queryRecords(
      entity: Entity,
      { after, limit }: PageRange,
      { consistent }: ReadOptions,
      deadline: Deadline,
      progress: Progress,
    ): Promise<QueryReply<[category: string, record: FeatureRecord]>> {
      const reply = await query(
        entity,
        after,
        { Limit: limit, ...(consistent ? { ConsistentRead: true } : {}) },
        deadline,
        progress,
      )
      const found: [string, FeatureRecord][] = []
      for (const item of reply.found) {
        const record = toRecord(item, [], now())
        if (record) found.push([item.category.S, record])
      }
      return { found, last: reply.last }
    },

    /** The categories of a page of items, expired ones included; not the tombstones. Strongly consistent. */
    async queryCategories(
      entity: Entity,
      after: string | undefined,
      deadline: Deadline,
      progress: Progress,
    ): Promise<QueryReply<string>> {
      const options = {
        ProjectionExpression: '#entity,#category',
        FilterExpression: 'attribute_not_exists(#deleted) OR attribute_exists(#features)',
        ExpressionAttributeNames: { '#category': 'category', '#deleted': 'deleted', '#features': 'features' },
        ConsistentRead: true,
      }
      const { found, last } = await query(entity, after, options, deadline, progress)
      return { found: found.map(({ category }) => category.S), last }
    },
  }
}

function requireItems(items: unknown): Item[] {
  if (Array.isArray(items)) return items
  throw new StoreError('STORE_UNAVAILABLE', 'The store answered a query without saying what it found.')
}

function refuse(): never {
  throw new StoreError('STORE_UNAVAILABLE', 'The store answered with an item that was not asked for, or out of order.')
}

/** Above 0 where a category comes behind another in DynamoDB's order, which is that of UTF-8's bytes. */
function order(category: string, other: string): number {
  return Buffer.compare(Buffer.from(category), Buffer.from(other))
}
