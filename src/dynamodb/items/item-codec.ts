import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { StoreError } from '../../errors.ts'
import { formatEventTime } from '../../features/event-time.ts'
import {
  DEFAULT_METADATA,
  type Entity,
  type FeatureMetadata,
  type FeatureRecord,
  type Features,
  type FeatureValue,
  type ItemKey,
  type TableType,
} from '../../features/feature-record.ts'
import { fromAttribute, fromAttributeMap, isRecord } from './attribute-value.ts'
import { expiryOf, type Item, isLive } from './stored-state.ts'

const MAX_EXPIRY_SECONDS = Date.UTC(10_000, 0) / 1000 - 1

/** The key of an item that a reply brought; undefined where it is no item of this table. */
export function keyOf(item: Item, tableType: TableType): ItemKey | undefined {
  const identifier: unknown = item?.[tableType]?.S
  const category: unknown = item?.category?.S
  return typeof identifier === 'string' && typeof category === 'string' ? { identifier, category } : undefined
}

/** Whether an item that a reply brought is the one at a key. */
export function isAt(item: Item, { tableType, identifier }: Entity, category: string): boolean {
  return item?.[tableType]?.S === identifier && item.category?.S === category
}

/**
 * An item that a reply brought for one key, or none.
 * @throws StoreError STORE_UNAVAILABLE when it is the item of another key.
 */
export function requireAt(item: Item | undefined, entity: Entity, category: string): Item | undefined {
  if (item === undefined || isAt(item, entity, category)) return item
  throw new StoreError('STORE_UNAVAILABLE', 'The store answered with an item that was not asked for.')
}

/**
 * A stored item as a feature record; undefined when it is deleted, or has expired by `nowMs`. `created_at` is taken from the
 * top, else from inside `features.metadata`, where the older service kept it.
 * @throws StoreError STORE_UNAVAILABLE when it cannot be read: the SDK hands on whatever a reply has in its place.
 */
export function toRecord(item: Item, nowMs: number): FeatureRecord | undefined {
  if (!isLive(item, nowMs)) return undefined
  try {
    return { data: dataOf(item), metadata: metadataOf(item) }
  } catch (cause) {
    throw new StoreError('STORE_UNAVAILABLE', 'The store answered with an item that cannot be read.', { cause })
  }
}

/** The features; none where another writer has put something else in their place. What is no attribute at all throws. */
function dataOf({ features }: Item): Features {
  const data = features?.M?.data?.M
  if (isRecord(data)) return fromAttributeMap(data)
  if (features !== undefined) fromAttribute(features)
  return {}
}

function metadataOf(item: Item): FeatureMetadata {
  const metadata = item.features?.M?.metadata?.M ?? {}
  return {
    created_at: fromOptional(item.created_at ?? metadata.created_at),
    updated_at: fromOptional(metadata.updated_at),
    source: fromOptional(metadata.source, DEFAULT_METADATA.source),
    compute_id: fromOptional(metadata.compute_id, DEFAULT_METADATA.compute_id),
    ttl: fromOptional(metadata.ttl, DEFAULT_METADATA.ttl),
    ...timesOf(item),
  }
}

/** The times that are there only where a writer gave them. What another writer stored and is no time is left out. */
function timesOf(item: Item): Pick<FeatureMetadata, 'expires_at' | 'event_time'> {
  if (item.expires_at === undefined && item.event_time === undefined) return {}
  const expiry = expiryOf(item)
  const eventTimeMs = item.event_time?.N
  const eventTime = eventTimeMs === undefined ? undefined : formatEventTime(eventTimeMs)
  return {
    ...(expiry !== undefined && expiry <= MAX_EXPIRY_SECONDS ? { expires_at: new Date(expiry * 1000).toISOString() } : {}),
    ...(eventTime === undefined ? {} : { event_time: eventTime }),
  }
}

function fromOptional(attribute: AttributeValue | undefined, missing: FeatureValue = null): FeatureValue {
  return attribute === undefined ? missing : fromAttribute(attribute)
}
