import { type AttributeValue, type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import type { Entity, FeatureRecord, Features } from '../features/feature-record.ts'
import { createBatchGet } from './batch-get.ts'
import { fromItems, replaceExpression } from './item-codec.ts'
import { createSend } from './send.ts'
import type { TableNames } from './tables.ts'

export type FeatureCrud = ReturnType<typeof createFeatureCrud>

export type FeatureCrudOptions = { client: DynamoDBClient; tableNames: TableNames; now: () => Date }

/** The two tables as functions: each call's cost in DynamoDB calls is part of its promise. */
export function createFeatureCrud({ client, tableNames, now }: FeatureCrudOptions) {
  const send = createSend(client)
  const batchGet = createBatchGet(send)

  function keyOf({ tableType, identifier }: Entity, category: string): Record<string, AttributeValue> {
    return { [tableType]: { S: identifier }, category: { S: category } }
  }

  return {
    /**
     * Reads one category: one GetItem. Undefined when it is not stored.
     * @throws StoreError when the store did not answer truly before `signal`.
     */
    async getCategory(entity: Entity, category: string, signal: AbortSignal): Promise<FeatureRecord | undefined> {
      const { Item: item } = await send(
        new GetItemCommand({ TableName: tableNames[entity.tableType], Key: keyOf(entity, category) }),
        signal,
      )
      return item === undefined ? undefined : fromItems([item], entity, [category]).get(category)
    },

    /**
     * Reads several categories, each once: one BatchGetItem per 100. What is not stored is not in the map.
     * @throws StoreError when any of them could not be read before `signal`; never a gap.
     */
    async getCategories(entity: Entity, categories: readonly string[], signal: AbortSignal): Promise<Map<string, FeatureRecord>> {
      const keys = [...new Set(categories)].map((category) => keyOf(entity, category))
      const items = await batchGet(tableNames[entity.tableType], keys, signal)
      return fromItems(items, entity, categories)
    },

    /**
     * Replaces one category as a whole: exactly one UpdateItem, nothing read before it; created_at of the first write stays.
     * @throws StoreError; its `mayHaveApplied` tells whether the write could have been applied all the same.
     */
    async replaceCategory(entity: Entity, category: string, features: Features, signal: AbortSignal): Promise<void> {
      await send(
        new UpdateItemCommand({
          TableName: tableNames[entity.tableType],
          Key: keyOf(entity, category),
          ...replaceExpression(features, now()),
        }),
        signal,
      )
    },
  }
}
