import { setTimeout as delay } from 'node:timers/promises'
import { type AttributeValue, BatchGetItemCommand, type KeysAndAttributes } from '@aws-sdk/client-dynamodb'
import { StoreError } from '../errors.ts'
import type { Send } from './send.ts'

type Item = Record<string, AttributeValue>

// BatchGetItem's own limit (Amazon DynamoDB API Reference, BatchGetItem).
const MAX_KEYS = 100
const FIRST_BACKOFF_MS = 25
const MAX_BACKOFF_MS = 400

/**
 * Reads items by key from one table, 100 keys a BatchGetItem, the batches side by side; what DynamoDB leaves
 * unprocessed (a reply holds 16 MB at most, and throttling) is asked for again until the deadline.
 * The items come in any order; keys must be distinct.
 * @throws StoreError when any key could not be read before `signal`.
 */
export function createBatchGet(send: Send) {
  return async function batchGet(tableName: string, keys: readonly Item[], signal: AbortSignal): Promise<Item[]> {
    const batches: (readonly Item[])[] = []
    for (let start = 0; start < keys.length; start += MAX_KEYS) batches.push(keys.slice(start, start + MAX_KEYS))
    const found = await Promise.all(batches.map((batch) => readBatch(tableName, batch, signal)))
    return found.flat()
  }

  async function readBatch(tableName: string, keys: readonly Item[], signal: AbortSignal): Promise<Item[]> {
    const found: Item[] = []
    let pending = keys
    for (let idleReplies = 0; pending.length > 0; ) {
      const { items, unprocessed } = await readOnce(tableName, pending, signal)
      found.push(...items)
      // A reply with progress was full, not throttled: ask for the rest at once.
      idleReplies = unprocessed.length < pending.length ? 0 : idleReplies + 1
      if (idleReplies > 0) await backOff(idleReplies, signal)
      pending = unprocessed
    }
    return found
  }

  async function readOnce(tableName: string, keys: readonly Item[], signal: AbortSignal) {
    const RequestItems = { [tableName]: { Keys: [...keys] } }
    const { Responses: responses, UnprocessedKeys: rest } = await send(new BatchGetItemCommand({ RequestItems }), signal)
    return { items: requireItems(responses, tableName), unprocessed: requireKeys(rest, tableName) }
  }
}

/** What was found: none of a table is an answer, no word of what was found is not. */
function requireItems(responses: Record<string, Item[]> | undefined, tableName: string): Item[] {
  if (isRecord(responses)) {
    const items = tableName in responses || Object.keys(responses).length > 0 ? responses[tableName] : []
    if (Array.isArray(items)) return items
  }
  throw new StoreError('STORE_UNAVAILABLE', 'The store answered a read without saying what it found.')
}

/** What is still to be asked for: nothing, or keys of this table; anything else cannot be followed, and is not nothing. */
function requireKeys(unprocessed: Record<string, KeysAndAttributes> | undefined, tableName: string): Item[] {
  if (unprocessed === undefined || (isRecord(unprocessed) && Object.keys(unprocessed).length === 0)) return []
  const keys = isRecord(unprocessed) ? unprocessed[tableName]?.Keys : undefined
  if (Array.isArray(keys) && keys.length > 0 && keys.every(isRecord)) return keys
  throw new StoreError('STORE_UNAVAILABLE', 'The store left part of a read unprocessed without saying which.')
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Waits with full jitter, longer after each reply that brought nothing. The deadline passing meanwhile is throttling. */
async function backOff(idleReplies: number, signal: AbortSignal): Promise<void> {
  const ceilingMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (idleReplies - 1))
  try {
    await delay(Math.random() * ceilingMs, undefined, { signal })
  } catch (cause) {
    throw new StoreError('STORE_THROTTLED', 'The store left part of the read unprocessed until the time was up.', { cause })
  }
}
