import { StoreError } from '../../errors.ts'
import { formatEventTime } from '../../features/event-time.ts'
import { DEFAULT_METADATA, type TableType } from '../../features/feature-record.ts'
import { MAX_EXPIRY_SECONDS } from '../../features/limits.ts'
import { numberJson } from '../../json/number-text.ts'
import { quoteText } from '../../json/quote-text.ts'
import type { Attribute, Item } from './attribute.ts'
import { attributeJson } from './attribute-json.ts'
import { keyOf } from './item-key.ts'
import { dataOf, metadataOf } from './record-json.ts'
import { expiryOf, isLive } from './stored-state.ts'

/**
 * A stored item as a row of an export, one line of JSON that an import takes: its key, all features, and what its writer said
 * of them; undefined when it is deleted, or has expired by `nowMs`.
 * @throws StoreError STORE_UNAVAILABLE when it is no item of the table, or cannot be read.
 */
export function toRowJson(item: Item, tableType: TableType, nowMs: number): string | undefined {
  if (!isLive(item, nowMs)) return undefined
  const key = keyOf(item, tableType)
  if (!key) throw new StoreError('STORE_UNAVAILABLE', 'The store answered with an item that is none of the table.')
  try {
    const metadata = metadataOf(item)
    const expiry = expiryJson(item)
    return (
      `{"identifier":${quoteText(key.identifier)},"category":${quoteText(key.category)}` +
      `,"features":${attributeJson({ M: dataOf(item) })}` +
      `${memberJson('event_time', eventTimeJson(item))}${memberJson('ttl', expiry && ttlJson(metadata))}${memberJson('expires_at', expiry)}` +
      `${memberJson('source', textJson(metadata.source, DEFAULT_METADATA.source))}` +
      `${memberJson('compute_id', textJson(metadata.compute_id, DEFAULT_METADATA.compute_id))}}`
    )
  } catch (cause) {
    const { identifier, category } = key
    throw new StoreError('STORE_UNAVAILABLE', `The item of ${identifier}, ${category} cannot be read.`, { cause })
  }
}

function memberJson(name: string, json: string | undefined): string {
  return json === undefined ? '' : `,"${name}":${json}`
}

/** What is not stored is what the API shows in its place. */
function textJson(attribute: Attribute | undefined, missing: string): string | undefined {
  if (attribute === undefined) return quoteText(missing)
  return typeof attribute.S === 'string' ? quoteText(attribute.S) : undefined
}

/** Only a number is one: the word "None" says that there is none. Without an expiry it ends nothing, and would in an import. */
function ttlJson({ ttl }: Item): string | undefined {
  return typeof ttl?.N === 'string' ? numberJson(ttl.N) : undefined
}

function eventTimeJson({ event_time }: Item): string | undefined {
  const time = event_time?.N === undefined ? undefined : formatEventTime(event_time.N)
  return time === undefined ? undefined : quoteText(time)
}

/** The second as RFC 3339; what another writer stored, and is none of a year of four digits, as its number. */
function expiryJson(item: Item): string | undefined {
  const expiry = expiryOf(item)
  if (expiry === undefined) return undefined
  if (Number.isInteger(expiry) && expiry <= MAX_EXPIRY_SECONDS) return `"${new Date(expiry * 1000).toISOString()}"`
  return numberJson(String(item.expires_at?.N))
}
