import { BatchGetItemCommand, GetItemCommand, type KeysAndAttributes } from '@aws-sdk/client-dynamodb'
import { StoreError } from '../../errors.ts'
import type { Entity, FeatureRecord, ItemKey, TableType } from '../../features/feature-record.ts'
import type { Deadline } from '../../request-scope.ts'
import { isRecord } from '../items/attribute-value.ts'
import { keyOf, requireAt, toRecord } from '../items/item-codec.ts'
import type { Item } from '../items/stored-state.ts'
import { type CallContext, keyFor } from './call-context.ts'
import type { Attempts } from './send.ts'

/** How a read is made: `consistent` sees every write that was acknowledged before it, at twice the price. */
export type ReadOptions = { consistent: boolean }

/** One category that a batch brought. */
export type FoundItem = ItemKey & { record: FeatureRecord }

/** What one BatchGetItem said of each key; missing is also what has expired or is deleted. */
export type BatchReply = { found: FoundItem[]; missing: ItemKey[]; unprocessed: ItemKey[] }

/** Reading of what one knows the keys of. */
export function createReadCalls({ send, tableNames, now }: CallContext) {
  return {
    /** One category, or undefined when it is not stored, or not live. */
    async getItem(
      entity: Entity,
      category: string,
      { consistent }: ReadOptions,
      deadline: Deadline,
      attempts: Attempts,
    ): Promise<FeatureRecord | undefined> {
      const { tableType, identifier } = entity
      const tableName = tableNames[tableType]
      const input = { TableName: tableName, Key: keyFor(tableType, { identifier, category }), ...consistency(consistent) }
      const { Item: item } = await send(() => new GetItemCommand(input), deadline, attempts, { operation: 'GetItem', tableName })
      const found = requireAt(item, entity, category)
      return found && toRecord(found, now())
    },

    /** Up to 100 categories, each named once. */
    async batchGetItem(
      tableType: TableType,
      keys: readonly ItemKey[],
      { consistent }: ReadOptions,
      deadline: Deadline,
      attempts: Attempts,
    ): Promise<BatchReply> {
      const tableName = tableNames[tableType]
      const asked = { Keys: keys.map((key) => keyFor(tableType, key)), ...consistency(consistent) }
      const makeCommand = () => new BatchGetItemCommand({ RequestItems: { [tableName]: asked } })
      const { Responses: responses, UnprocessedKeys: rest } = await send(makeCommand, deadline, attempts, {
        operation: 'BatchGetItem',
        tableName,
      })
      const waiting = createWaiting(keys)
      const unprocessed = requireKeys(rest, tableName).map((key) => waiting.take(keyOf(key, tableType)))
      const found: FoundItem[] = []
      const missing: ItemKey[] = []
      for (const item of requireItems(responses, tableName, unprocessed.length === keys.length)) {
        const key = waiting.take(keyOf(item, tableType))
        const record = toRecord(item, now())
        if (record) found.push({ ...key, record })
        else missing.push(key)
      }
      return { found, missing: [...missing, ...waiting.rest()], unprocessed }
    },
  }
}

/** Strongly consistent where it is asked for; otherwise DynamoDB's default, which is eventually. */
export function consistency(consistent: boolean): { ConsistentRead?: true } {
  return consistent ? { ConsistentRead: true } : {}
}

/** Keys that were asked for, each of which may be answered once. */
function createWaiting(keys: readonly ItemKey[]) {
  const byEntity = new Map<string, Map<string, ItemKey>>()
  for (const key of keys) {
    const ofEntity = byEntity.get(key.identifier)
    if (ofEntity) ofEntity.set(key.category, key)
    else byEntity.set(key.identifier, new Map([[key.category, key]]))
  }
  return {
    /** @throws StoreError when nobody waits for it. */
    take(key: ItemKey | undefined): ItemKey {
      if (key && byEntity.get(key.identifier)?.delete(key.category)) return key
      return refuse()
    },
    /** Those that nothing was said of. */
    rest: () => [...byEntity.values()].flatMap((ofEntity) => [...ofEntity.values()]),
  }
}

function refuse(): never {
  throw new StoreError('STORE_UNAVAILABLE', 'The store answered with an item that was not asked for, or with one twice.')
}

/** What was found: none of a table is an answer; no word of the table is one only where nothing was processed. */
function requireItems(responses: Record<string, Item[]> | undefined, tableName: string, isNothingProcessed: boolean): Item[] {
  if (isRecord(responses)) {
    const items = isNothingProcessed && Object.keys(responses).length === 0 ? [] : responses[tableName]
    if (Array.isArray(items)) return items
  }
  throw new StoreError('STORE_UNAVAILABLE', 'The store answered a read without saying what it found.')
}

/** What is still to be asked for: nothing, or some keys; anything else cannot be followed, and is not nothing. */
function requireKeys(unprocessed: Record<string, KeysAndAttributes> | undefined, tableName: string): Item[] {
  if (unprocessed === undefined || (isRecord(unprocessed) && Object.keys(unprocessed).length === 0)) return []
  const keys = isRecord(unprocessed) ? unprocessed[tableName]?.Keys : undefined
  if (Array.isArray(keys) && keys.length > 0) return keys
  throw new StoreError('STORE_UNAVAILABLE', 'The store left part of a read unprocessed without saying which.')
}
