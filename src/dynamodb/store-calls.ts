import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  type KeysAndAttributes,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { StoreError } from '../errors.ts'
import type { Entity, FeatureRecord, Features } from '../features/feature-record.ts'
import type { Deadline } from '../request-scope.ts'
import { isRecord } from './attribute-value.ts'
import { fromItems, replaceExpression, VERSION_ONLY, versionOf } from './item-codec.ts'
import { type Attempts, createSend } from './send.ts'
import type { TableNames } from './tables.ts'

type Item = Record<string, AttributeValue>

export type StoreCalls = ReturnType<typeof createStoreCalls>

export type StoreCallsOptions = { client: DynamoDBClient; tableNames: TableNames }

/** What one BatchGetItem brought; of what is in neither, DynamoDB says that it is not there. */
export type BatchReply = { found: Map<string, FeatureRecord>; unprocessed: string[] }

/**
 * The calls to DynamoDB, each of which is one: what is asked, from our terms into its own and back. All of them end by
 * their deadline, count their attempts, and throw StoreError when DynamoDB did not answer truly.
 */
export function createStoreCalls({ client, tableNames }: StoreCallsOptions) {
  const send = createSend(client)

  function keyOf({ tableType, identifier }: Entity, category: string): Item {
    return { [tableType]: { S: identifier }, category: { S: category } }
  }

  return {
    /** One category, or undefined when it is not stored. */
    async getItem(entity: Entity, category: string, deadline: Deadline, attempts: Attempts): Promise<FeatureRecord | undefined> {
      const tableName = tableNames[entity.tableType]
      const makeCommand = () => new GetItemCommand({ TableName: tableName, Key: keyOf(entity, category) })
      const { Item: item } = await send(makeCommand, deadline, attempts, { operation: 'GetItem', tableName })
      return item === undefined ? undefined : fromItems([item], entity, [category]).get(category)
    },

    /** Up to 100 categories, each named once. */
    async batchGetItem(
      entity: Entity,
      categories: readonly string[],
      deadline: Deadline,
      attempts: Attempts,
    ): Promise<BatchReply> {
      const tableName = tableNames[entity.tableType]
      const keys = categories.map((category) => keyOf(entity, category))
      const makeCommand = () => new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: keys } } })
      const { Responses: responses, UnprocessedKeys: rest } = await send(makeCommand, deadline, attempts, {
        operation: 'BatchGetItem',
        tableName,
      })
      const unprocessed = requireCategories(rest, tableName, categories)
      return {
        found: fromItems(requireItems(responses, tableName, unprocessed.length === categories.length), entity, categories),
        unprocessed,
      }
    },

    /** The version of one category as it is now; undefined when it is not stored or has none. */
    async getVersion(entity: Entity, category: string, deadline: Deadline, attempts: Attempts): Promise<number | undefined> {
      const tableName = tableNames[entity.tableType]
      const key = keyOf(entity, category)
      const makeCommand = () => new GetItemCommand({ TableName: tableName, Key: key, ConsistentRead: true, ...VERSION_ONLY })
      const { Item: item } = await send(makeCommand, deadline, attempts, { operation: 'GetItem', tableName })
      return versionOf(item)
    },

    /**
     * Replaces one category as a whole, unless it has this version or a later one; created_at of the first write stays.
     * @param version milliseconds since the epoch; the write's time.
     * @throws LostWriteError when it has.
     */
    async updateItem(
      entity: Entity,
      category: string,
      features: Features,
      version: number,
      deadline: Deadline,
      attempts: Attempts,
    ): Promise<void> {
      const tableName = tableNames[entity.tableType]
      const key = keyOf(entity, category)
      const makeCommand = () => new UpdateItemCommand({ TableName: tableName, Key: key, ...replaceExpression(features, version) })
      await send(makeCommand, deadline, attempts, { operation: 'UpdateItem', tableName })
    },
  }
}

/** What was found: none of a table is an answer; no word of the table is one only where nothing was processed. */
function requireItems(responses: Record<string, Item[]> | undefined, tableName: string, isNothingProcessed: boolean): Item[] {
  if (isRecord(responses)) {
    const items = isNothingProcessed && Object.keys(responses).length === 0 ? [] : responses[tableName]
    if (Array.isArray(items)) return items
  }
  throw new StoreError('STORE_UNAVAILABLE', 'The store answered a read without saying what it found.')
}

/** What is still to be asked for: nothing, or some of what was asked; anything else cannot be followed, and is not nothing. */
function requireCategories(
  unprocessed: Record<string, KeysAndAttributes> | undefined,
  tableName: string,
  asked: readonly string[],
): string[] {
  if (unprocessed === undefined || (isRecord(unprocessed) && Object.keys(unprocessed).length === 0)) return []
  const keys = isRecord(unprocessed) ? unprocessed[tableName]?.Keys : undefined
  if (Array.isArray(keys) && keys.length > 0) {
    const categories = keys.map((key) => key?.category?.S)
    if (categories.every((category) => category !== undefined && asked.includes(category))) return categories as string[]
  }
  throw new StoreError('STORE_UNAVAILABLE', 'The store left part of a read unprocessed without saying which.')
}
