import type { Call } from './scripted-dynamodb.ts'
import type { Item } from './test-service.ts'

const ITEM_TOO_LARGE = 'Item size to update has exceeded the maximum allowed size'

/** A success as DynamoDB writes it. */
export function success(json: unknown): { status: number; text: string } {
  return { status: 200, text: JSON.stringify(json) }
}

/** An exception as DynamoDB writes it. */
export function refusal(exception: string, message = 'refused', status = 400): { status: number; text: string } {
  return { status, text: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${exception}`, message }) }
}

/** A condition that did not hold over a stored item, as DynamoDB tells of it; dynalite leaves the item out. */
export function conditionFailed(item: Item): { status: number; text: string } {
  const { status, text } = refusal('ConditionalCheckFailedException', 'The conditional request failed')
  return { status, text: JSON.stringify({ ...JSON.parse(text), Item: item }) }
}

export const throttling = refusal('ProvisionedThroughputExceededException', 'The level of throughput is exceeded.')

export const itemTooLarge = refusal('ValidationException', ITEM_TOO_LARGE)

/** The item of a category in which the feature `name` holds the category's name. */
export function itemOf(category: string): Item {
  const timestamp = { S: '2025-10-07T07:46:26.943Z' }
  const metadata = { updated_at: timestamp, source: { S: 'api' }, compute_id: { S: 'None' }, ttl: { S: 'None' } }
  return {
    bright_uid: { S: 'user' },
    category: { S: category },
    features: { M: { data: { M: { name: { S: category } } }, metadata: { M: metadata } } },
    created_at: timestamp,
  }
}

/** The category that a GetItem or an UpdateItem is about. */
export function categoryOf({ body }: Call): string {
  return categoryIn(body.Key)
}

/** The categories that a BatchGetItem asks for, and their table. */
export function askedOf({ body }: Call): { table: string; categories: string[] } {
  const [table = '', asked] = Object.entries(body.RequestItems ?? {})[0] ?? []
  return { table, categories: (asked?.Keys ?? []).map(categoryIn) }
}

/** A BatchGetItem's success: the items of `found`, and `unprocessed` to be asked for again. */
export function batch(table: string, found: readonly string[], unprocessed: readonly string[] = []) {
  const keys = unprocessed.map((category) => ({ bright_uid: { S: 'user' }, category: { S: category } }))
  return success({
    Responses: { [table]: found.map(itemOf) },
    UnprocessedKeys: keys.length > 0 ? { [table]: { Keys: keys } } : {},
  })
}

function categoryIn(key: Item | undefined): string {
  return key?.category?.S ?? ''
}

/** Successes that are no answer to any call; `{}` is none to a BatchGetItem alone. */
export const NO_ANSWERS = ['null', '[]', '"text"', '', '0', '<html></html>'].map((text) => ({ status: 200, text }))
