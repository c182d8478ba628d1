import { StoreError } from '../../errors.ts'
import { formatEventTime } from '../../features/event-time.ts'
import { DEFAULT_METADATA, type FeatureRecord } from '../../features/feature-record.ts'
import { MAX_EXPIRY_SECONDS } from '../../features/limits.ts'
import { quoteName } from '../../json/quote-name.ts'
import { quoteText } from '../../json/quote-text.ts'
import type { Attribute, Item } from './attribute.ts'
import { attributeJson, isMap } from './attribute-json.ts'
import { expiryOf, isLive } from './stored-state.ts'

/** Features as they are served: the text of an object's members, and what of it is counted. */
type ServedData = { members: string; found: number; nulls: number; missing: string[] }

const DEFAULT_SOURCE = quoteText(DEFAULT_METADATA.source)
const DEFAULT_COMPUTE_ID = quoteText(DEFAULT_METADATA.compute_id)
const DEFAULT_TTL = quoteText(DEFAULT_METADATA.ttl)

/**
 * A stored item as its reply's text; undefined when it is deleted, or has expired by `nowMs`. `names`: the features asked
 * for, none for all; the others are not looked at. `created_at` is taken from the top, else from inside `features.metadata`,
 * where the older service kept it.
 * @throws StoreError STORE_UNAVAILABLE when what is asked for cannot be read: a reply may have anything in its place.
 */
export function toRecord(item: Item, names: readonly string[], nowMs: number): FeatureRecord | undefined {
  if (!isLive(item, nowMs)) return undefined
  try {
    const metadata = metadataOf(item)
    const { members, found, nulls, missing } = serveData(dataOf(item), names)
    return {
      json: `{"data":{${members}},"metadata":${metadataJson(item, metadata)}}`,
      found,
      nulls,
      missing,
      updatedAt: typeof metadata.updated_at?.S === 'string' ? metadata.updated_at.S : undefined,
    }
  } catch (cause) {
    throw new StoreError('STORE_UNAVAILABLE', 'The store answered with an item that cannot be read.', { cause })
  }
}

/** The features; none where another writer has put something else in their place. What is no attribute at all throws. */
export function dataOf({ features }: Item): Item {
  const data = features?.M?.data?.M
  if (isMap(data)) return data
  if (features !== undefined) attributeJson(features)
  return {}
}

export function metadataOf({ features }: Item): Item {
  return features?.M?.metadata?.M ?? {}
}

/** The features asked for that are there, and the names that are not. */
function serveData(data: Item, names: readonly string[]): ServedData {
  const served: ServedData = { members: '', found: 0, nulls: 0, missing: [] }
  if (names.length === 0) {
    for (const name in data) serve(served, name, data[name])
    return served
  }
  for (const name of new Set(names)) {
    if (Object.hasOwn(data, name)) serve(served, name, data[name])
    else served.missing.push(name)
  }
  return served
}

function serve(served: ServedData, name: string, attribute: Attribute | undefined): void {
  const value = attributeJson(attribute)
  served.members += (served.found === 0 ? '' : ',') + quoteName(name) + value
  served.found += 1
  // Only a null is written so: texts have quotes.
  if (value === 'null') served.nulls += 1
}

function metadataJson(item: Item, metadata: Item): string {
  const { updated_at, source, compute_id, ttl } = metadata
  return (
    `{"created_at":${optionalJson(item.created_at ?? metadata.created_at, 'null')}` +
    `,"updated_at":${optionalJson(updated_at, 'null')}` +
    `,"source":${optionalJson(source, DEFAULT_SOURCE)}` +
    `,"compute_id":${optionalJson(compute_id, DEFAULT_COMPUTE_ID)}` +
    `,"ttl":${optionalJson(ttl, DEFAULT_TTL)}` +
    `${timesJson(item)}}`
  )
}

function optionalJson(attribute: Attribute | undefined, missing: string): string {
  return attribute === undefined ? missing : attributeJson(attribute)
}

/** The times that are there only where a writer gave them. What another writer stored and is no time is left out. */
export function timesJson(item: Item): string {
  if (item.expires_at === undefined && item.event_time === undefined) return ''
  const expiry = expiryOf(item)
  const eventTimeMs = item.event_time?.N
  const eventTime = eventTimeMs === undefined ? undefined : formatEventTime(eventTimeMs)
  return (
    (expiry !== undefined && expiry <= MAX_EXPIRY_SECONDS ? `,"expires_at":"${new Date(expiry * 1000).toISOString()}"` : '') +
    (eventTime === undefined ? '' : `,"event_time":${quoteText(eventTime)}`)
  )
}
