import { StoreError } from '../../errors.ts'
import type { Entity, FeatureRecord, ItemKey, ReadKey, TableType } from '../../features/feature-record.ts'
import type { Deadline } from '../../request-scope.ts'
import type { Item } from '../items/attribute.ts'
import { isMap } from '../items/attribute-json.ts'
import { keyOf, requireAt } from '../items/item-key.ts'
import { toRecord } from '../items/record-json.ts'
import { type CallContext, keyJson, keyText } from './call-context.ts'
import type { Progress } from './progress.ts'

/** How a read is made: `consistent` sees every write that was acknowledged before it, at twice the price. */
export type ReadOptions = { consistent: boolean }

/** One category that a batch brought. */
export type FoundItem = ItemKey & { record: FeatureRecord }

/** What one BatchGetItem said of each key; missing is also what has expired or is deleted. */
export type BatchReply = { found: FoundItem[]; missing: ItemKey[]; unprocessed: ReadKey[] }

/** The same, as it came. */
export type BatchItems<Key extends ItemKey> = { items: [key: Key, item: Item][]; missing: Key[]; unprocessed: Key[] }

export type ReadCalls = ReturnType<typeof createReadCalls>

/** Reading of what one knows the keys of. */
export function createReadCalls({ send, tableNames, now }: CallContext) {
  async function getOne<Key extends ItemKey>(
    tableType: TableType,
    key: Key,
    { consistent }: ReadOptions,
    deadline: Deadline,
    progress: Progress,
  ): Promise<BatchItems<Key>> {
    const tableName = tableNames[tableType]
    const where = `"TableName":${JSON.stringify(tableName)},"Key":${keyJson(tableType, key)}`
    const makeBody = () => `{${where}${consistency(consistent)}}`
    const { Item: stored } = await send({ operation: 'GetItem', tableName, makeBody }, deadline, progress)
    const item = requireAt(stored as Item | undefined, { tableType, identifier: key.identifier }, key.category)
    return { items: item ? [[key, item]] : [], missing: item ? [] : [key], unprocessed: [] }
  }

  async function getBatch<Key extends ItemKey>(
    tableType: TableType,
    keys: readonly Key[],
    { consistent }: ReadOptions,
    deadline: Deadline,
    progress: Progress,
  ): Promise<BatchItems<Key>> {
    const tableName = tableNames[tableType]
    const asked = keys.map((key) => keyJson(tableType, key)).join()
    const makeBody = () => `{"RequestItems":{${JSON.stringify(tableName)}:{"Keys":[${asked}]${consistency(consistent)}}}}`
    const reply = await send({ operation: 'BatchGetItem', tableName, makeBody }, deadline, progress)
    const waiting = createWaiting(keys)
    const unprocessed = requireKeys(reply.UnprocessedKeys, tableName).map((key) => waiting.take(keyOf(key, tableType)))
    const stored = requireItems(reply.Responses, tableName, unprocessed.length === keys.length)
    const items = stored.map((item): [Key, Item] => [waiting.take(keyOf(item, tableType)), item])
    return { items, missing: waiting.rest(), unprocessed }
  }

  const calls = {
    /** One category as it is stored. */
    getOne,

    /** Up to 100 categories, each named once, as they are stored. */
    getBatch,

    /** All features of the one item that was asked for, as it is now; undefined where it is not stored, or not live. */
    decodeOne: ({ items: [only] }: Pick<BatchItems<ItemKey>, 'items'>): FeatureRecord | undefined =>
      only && toRecord(only[1], [], now()),

    /** Of each item the features that its key names. */
    decodeBatch({ items, missing, unprocessed }: BatchItems<ReadKey>): BatchReply {
      const found: FoundItem[] = []
      const gone: ItemKey[] = []
      for (const [key, item] of items) {
        const { identifier, category, names } = key
        const record = toRecord(item, names, now())
        if (record) found.push({ identifier, category, record })
        else gone.push(key)
      }
      return { found, missing: [...gone, ...missing], unprocessed }
    },

    /** One category, or undefined when it is not stored, or not live. */
    async getItem(
      { tableType, identifier }: Entity,
      category: string,
      options: ReadOptions,
      deadline: Deadline,
      progress: Progress,
    ): Promise<FeatureRecord | undefined> {
      return calls.decodeOne(await getOne(tableType, { identifier, category }, options, deadline, progress))
    },

    /** Named features of up to 100 categories, each named once. */
    async batchGetItem(
      tableType: TableType,
      keys: readonly ReadKey[],
      options: ReadOptions,
      deadline: Deadline,
      progress: Progress,
    ): Promise<BatchReply> {
      return calls.decodeBatch(await getBatch(tableType, keys, options, deadline, progress))
    },
  }
  return calls
}

/** Strongly consistent where it is asked for; otherwise DynamoDB's default, which is eventually. A further member of JSON. */
function consistency(consistent: boolean): '' | ',"ConsistentRead":true' {
  return consistent ? ',"ConsistentRead":true' : ''
}

/** Keys that were asked for, each of which may be answered once. */
function createWaiting<Key extends ItemKey>(keys: readonly Key[]) {
  const waiting = new Map(keys.map((key) => [keyText(key), key]))
  return {
    /** @throws StoreError when nobody waits for it. */
    take(key: ItemKey | undefined): Key {
      const text = key && keyText(key)
      const asked = text === undefined ? undefined : waiting.get(text)
      if (text === undefined || asked === undefined) return refuse()
      waiting.delete(text)
      return asked
    },
    /** Those that nothing was said of. */
    rest: () => [...waiting.values()],
  }
}

function refuse(): never {
  throw new StoreError('STORE_UNAVAILABLE', 'The store answered with an item that was not asked for, or with one twice.')
}

/** What was found: none of a table is an answer; no word of the table is one only where nothing was processed. */
function requireItems(responses: unknown, tableName: string, isNothingProcessed: boolean): Item[] {
  if (isMap(responses)) {
    const items = isNothingProcessed && Object.keys(responses).length === 0 ? [] : responses[tableName]
    if (Array.isArray(items)) return items
  }
  throw new StoreError('STORE_UNAVAILABLE', 'The store answered a read without saying what it found.')
}

/** What is still to be asked for: nothing, or some keys; anything else cannot be followed, and is not nothing. */
function requireKeys(unprocessed: unknown, tableName: string): Item[] {
  if (unprocessed === undefined || (isMap(unprocessed) && Object.keys(unprocessed).length === 0)) return []
  const rest: unknown = isMap(unprocessed) ? unprocessed[tableName] : undefined
  const keys: unknown = isMap(rest) ? rest.Keys : undefined
  if (Array.isArray(keys) && keys.length > 0) return keys
  throw new StoreError('STORE_UNAVAILABLE', 'The store left part of a read unprocessed without saying which.')
}
