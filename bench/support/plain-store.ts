import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  BatchGetCommand,
  type BatchGetCommandOutput,
  DynamoDBDocumentClient,
  GetCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'

export type TableType = 'bright_uid' | 'account_id'
export type Key = { identifier: string; category: string }

const TABLES = { bright_uid: 'features_bright_uid', account_id: 'features_account_id' }
const KEYS_PER_CALL = 100
const UPDATE =
  'SET #features = :features, #createdAt = if_not_exists(#createdAt, if_not_exists(#features.#metadata.#createdAt, :now)) ' +
  'REMOVE #expiresAt'
const NAMES = { '#features': 'features', '#metadata': 'metadata', '#createdAt': 'created_at', '#expiresAt': 'expires_at' }

/** The two tables through the SDK's document client, as its guide has it: with its defaults, and nothing of ours. */
export function openPlainStore(endpoint: string) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region: 'us-east-1', credentials }))
  const keyOf = (tableType: TableType, { identifier, category }: Key) => ({ [tableType]: identifier, category })

  /** At most 100 keys; DynamoDB may leave any of them for another call. */
  async function readBatch(tableType: TableType, keys: readonly Key[]) {
    const items: Record<string, unknown>[] = []
    let asked: BatchGetCommandOutput['UnprocessedKeys'] = {
      [TABLES[tableType]]: { Keys: keys.map((key) => keyOf(tableType, key)) },
    }
    while (asked && Object.keys(asked).length > 0) {
      const reply: BatchGetCommandOutput = await client.send(new BatchGetCommand({ RequestItems: asked }))
      items.push(...(reply.Responses?.[TABLES[tableType]] ?? []))
      asked = reply.UnprocessedKeys
    }
    return items
  }

  return {
    async readCategory(tableType: TableType, key: Key) {
      const { Item } = await client.send(new GetCommand({ TableName: TABLES[tableType], Key: keyOf(tableType, key) }))
      return Item
    },

    /** In any order; what is not stored is not there. */
    async readCategories(tableType: TableType, keys: readonly Key[]) {
      const calls = Math.ceil(keys.length / KEYS_PER_CALL)
      const batches = Array.from({ length: calls }, (_, call) =>
        readBatch(tableType, keys.slice(call * KEYS_PER_CALL, (call + 1) * KEYS_PER_CALL)),
      )
      return (await Promise.all(batches)).flat()
    },

    async replaceCategory(tableType: TableType, key: Key, data: Record<string, unknown>) {
      const now = new Date().toISOString()
      const metadata = { updated_at: now, source: 'api', compute_id: 'None', ttl: 'None' }
      await client.send(
        new UpdateCommand({
          TableName: TABLES[tableType],
          Key: keyOf(tableType, key),
          UpdateExpression: UPDATE,
          ExpressionAttributeNames: NAMES,
          ExpressionAttributeValues: { ':features': { data, metadata }, ':now': now },
        }),
      )
    },
  }
}
