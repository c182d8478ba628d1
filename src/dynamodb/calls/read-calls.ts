import { StoreError } from '../../errors.ts'
import type { Entity, FeatureRecord, ItemKey, ReadKey, TableType } from '../../features/feature-record.ts'
import type { Deadline } from '../../request-scope.ts'
import type { Item } from '../items/attribute.ts'
import { isMap } from '../items/attribute-json.ts'
import { keyOf } from '../items/item-key.ts'
import { type ReadItem, toReadItem } from '../items/read-item.ts'
import { createReplyReaders } from '../items/reply-bytes.ts'
import { type CallContext, keyJson, keyText } from './call-context.ts'
import type { Progress } from './progress.ts'

/** How a read is made: `consistent` sees every write that was acknowledged before it, at twice the price. */
export type ReadOptions = { consistent: boolean }

/** One category that a batch brought. */
export type FoundItem = ItemKey & { record: FeatureRecord }

/** What one BatchGetItem said of each key; missing is also what has expired or is deleted. */
export type BatchReply = { found: FoundItem[]; missing: ItemKey[]; unprocessed: ReadKey[] }

/** The same, not decoded yet. */
export type BatchItems<Key extends ItemKey> = { items: [key: Key, item: ReadItem][]; missing: Key[]; unprocessed: Key[] }

export type ReadCalls = ReturnType<typeof createReadCalls>

/** Reading of what one knows the keys of. */
export function createReadCalls({ send, tableNames, now }: CallContext) {
  const readers = {
    bright_uid: createReplyReaders(tableNames.bright_uid, 'bright_uid'),
    account_id: createReplyReaders(tableNames.account_id, 'account_id'),
  }

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
    const call = { operation: 'GetItem', tableName, makeBody, readBytes: readers[tableType].ofItem } as const
    const { Item: item } = await send(call, deadline, progress)
    const waiting = createWaiting([key], tableType)
    const items = item === undefined ? [] : [waiting.takeItem(item as Item | ReadItem)]
    return { items, missing: waiting.rest(), unprocessed: [] }
  }

  async function getBatch<Key extends ItemKey & { names?: readonly string[] }>(
    tableType: TableType,
    keys: readonly Key[],
    { consistent }: ReadOptions,
    deadline: Deadline,
    progress: Progress,
  ): Promise<BatchItems<Key>> {
    const tableName = tableNames[tableType]
    const asked = keys.map((key) => keyJson(tableType, key)).join()
    const makeBody = () => `{"RequestItems":{${JSON.stringify(tableName)}:{"Keys":[${asked}]${consistency(consistent)}}}}`
    // Features by name need an object. Of others who share the read, some may name theirs all the same.
    const readBytes = keys.every(({ names = [] }) => names.length === 0) ? readers[tableType].ofBatch : undefined
    const reply = await send({ operation: 'BatchGetItem', tableName, makeBody, readBytes }, deadline, progress)
    const waiting = createWaiting(keys, tableType)
    const unprocessed = requireKeys(reply.UnprocessedKeys, tableName).map(waiting.takeKey)
    const stored = requireItems(reply.Responses, tableName, unprocessed.length === keys.length)
    const items = stored.map(waiting.takeItem)
    return { items, missing: waiting.rest(), unprocessed }
  }

  const calls = {
    /** One category as it is stored. */
    getOne,

    /** Up to 100 categories, each named once, as they are stored. */
    getBatch,

    /** All features of the one item that was asked for, as it is now; undefined where it is not stored, or not live. */
    decodeOne: ({ items: [only] }: Pick<BatchItems<ItemKey>, 'items'>): FeatureRecord | undefined =>
      only?.[1].recordAt([], now()),

    /** Of each item the features that its key names. */
    decodeBatch({ items, missing, unprocessed }: BatchItems<ReadKey>): BatchReply {
      const found: FoundItem[] = []
      const gone: ItemKey[] = []
      for (const [key, item] of items) {
        const { identifier, category, names } = key
        const record = item.recordAt(names, now())
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
function createWaiting<Key extends ItemKey>(keys: readonly Key[], tableType: TableType) {
  const waiting = new Map(keys.map((key) => [keyText(key), key]))

  /** @throws StoreError when nobody waits for it. */
  function take(key: ItemKey | undefined): Key {
    const text = key && keyText(key)
    const asked = text === undefined ? undefined : waiting.get(text)
    if (text === undefined || asked === undefined) return refuse()
    waiting.delete(text)
    return asked
  }

  return {
    /** @throws StoreError when nobody waits for it. */
    takeKey: (key: Item): Key => take(keyOf(key, tableType)),
    /** The same of an item, with its key as it was asked for. */
    takeItem(stored: Item | ReadItem): [key: Key, item: ReadItem] {
      const item = toReadItem(stored, tableType)
      return [take(item.key), item]
    },
    /** Those that nothing was said of. */
    rest: () => [...waiting.values()],
  }
}

function refuse(): never {
  throw new StoreError('STORE_UNAVAILABLE', 'The store answered with an item that was not asked for, or with one twice.')
}

/** What was found: none of a table is an answer; no word of the table is one only where nothing was processed. */
function requireItems(responses: unknown, tableName: string, isNothingProcessed: boolean): (Item | ReadItem)[] {
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
