import { success } from './dynamodb-replies.ts'
import type { Call } from './scripted-dynamodb.ts'
import { storedItem } from './stored-items.ts'
import type { Item } from './test-service.ts'

type ReadBody = {
  Limit?: number
  ConsistentRead?: boolean
  ExclusiveStartKey?: Item
  RequestItems?: Record<string, { Keys: Item[]; ConsistentRead?: boolean }>
}

/** The key of a category, of the entity `user` unless said otherwise. */
export function keyOf(category: string, identifier = 'user'): Item {
  return { bright_uid: { S: identifier }, category: { S: category } }
}

/** A Query's success: the items of these categories of the entity `user`, and where the next Query is to go on. */
export function queryReply(categories: readonly string[], lastKey?: Item) {
  const items = categories.map((category) => storedItem('user', category))
  const counts = { Count: items.length, ScannedCount: items.length }
  return success({ Items: items, ...counts, ...(lastKey === undefined ? {} : { LastEvaluatedKey: lastKey }) })
}

/** What a Query asks for: how many items at most, and after which category. */
export function pageAskedOf({ body }: Call): { limit: number | undefined; after: string | undefined } {
  const { Limit, ExclusiveStartKey } = body as ReadBody
  return { limit: Limit, after: ExclusiveStartKey?.category?.S }
}

/** The keys that a BatchGetItem asks for, as `identifier/category`. */
export function keysAskedOf({ body }: Call): string[] {
  const keys = Object.values(body.RequestItems ?? {}).flatMap(({ Keys }) => Keys)
  return keys.map((key) => `${(key.bright_uid ?? key.account_id)?.S}/${key.category?.S}`)
}

/** Whether a call is a strongly consistent read, as DynamoDB takes it. */
export function isConsistent({ body }: Call): boolean {
  const { ConsistentRead, RequestItems } = body as ReadBody
  const ofTables = Object.values(RequestItems ?? {}).map((table) => table.ConsistentRead)
  return [ConsistentRead, ...ofTables].some((flag) => flag === true)
}
