import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { StoreError } from '../errors.ts'
import {
  DEFAULT_METADATA,
  type Entity,
  type FeatureMetadata,
  type FeatureRecord,
  type Features,
  type FeatureValue,
} from '../features/feature-record.ts'
import { fromAttribute, fromAttributeMap, isRecord, toAttributeMap } from './attribute-value.ts'

type Item = Record<string, AttributeValue>

/**
 * An entity's stored items as feature records by category. `created_at` is taken from the top, else from inside
 * `features.metadata`, where the older service kept it.
 * @throws StoreError STORE_UNAVAILABLE when one of them is no item that was asked for, or cannot be read: the SDK hands on
 * whatever a reply has in its place.
 */
export function fromItems(items: readonly Item[], entity: Entity, categories: readonly string[]): Map<string, FeatureRecord> {
  const asked = new Set(categories)
  const records = new Map(items.map((item) => fromItem(item, entity, asked)))
  if (records.size < items.length) throw new StoreError('STORE_UNAVAILABLE', 'The store answered with one item twice.')
  return records
}

function fromItem(item: Item, { tableType, identifier }: Entity, asked: ReadonlySet<string>): [string, FeatureRecord] {
  const category = item?.category?.S
  if (category === undefined || !asked.has(category) || item[tableType]?.S !== identifier) {
    throw new StoreError('STORE_UNAVAILABLE', 'The store answered with an item that was not asked for.')
  }
  try {
    return [category, { data: dataOf(item), metadata: metadataOf(item) }]
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
  }
}

function fromOptional(attribute: AttributeValue | undefined, missing: FeatureValue = null): FeatureValue {
  return attribute === undefined ? missing : fromAttribute(attribute)
}

// created_at belongs to the item's first write; items of the older service hold it inside features.metadata.
const KEEP_CREATED_AT = '#created_at = if_not_exists(#created_at, if_not_exists(#features.#metadata.#created_at, :now))'

// A category is replaced as a whole: an expiry of what was there before goes with it.
const REPLACE = `SET #features = :features, #version = :version, ${KEEP_CREATED_AT} REMOVE #expires_at`

// An attempt that was given up on and arrives late must not undo what was acknowledged since.
const ONLY_LATER = 'attribute_not_exists(#version) OR #version < :version'

/** What makes a GetItem bring no more than the version. */
export const VERSION_ONLY = { ProjectionExpression: '#version', ExpressionAttributeNames: { '#version': 'version' } }

/** The version of a stored item: milliseconds since the epoch. Undefined where there is no item, or one without it. */
export function versionOf(item: Item | undefined): number | undefined {
  const version = item?.version
  if (version === undefined || version === null) return undefined
  const ms = Number(version.N)
  // The next one must be a time, too.
  if (!Number.isNaN(new Date(ms + 1).getTime())) return ms
  throw new StoreError('STORE_UNAVAILABLE', 'The store has an item that cannot be written over.', {
    advice: 'Another program has set the attribute `version` of an item to what is no time in milliseconds: remove it.',
  })
}

/**
 * The one update that replaces a category: no read before it, created_at of the first write kept, and nothing done to an
 * item of the same version or a later one.
 * @param version milliseconds since the epoch; the write's time.
 */
export function replaceExpression(data: Features, version: number) {
  const timestamp = new Date(version).toISOString()
  const metadata: Item = {
    updated_at: { S: timestamp },
    source: { S: DEFAULT_METADATA.source },
    compute_id: { S: DEFAULT_METADATA.compute_id },
    ttl: { S: DEFAULT_METADATA.ttl },
  }
  return {
    UpdateExpression: REPLACE,
    ConditionExpression: ONLY_LATER,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    ExpressionAttributeNames: {
      '#features': 'features',
      '#metadata': 'metadata',
      '#version': 'version',
      '#created_at': 'created_at',
      '#expires_at': 'expires_at',
    },
    ExpressionAttributeValues: {
      ':features': { M: { data: { M: toAttributeMap(data) }, metadata: { M: metadata } } },
      ':version': { N: String(version) },
      ':now': { S: timestamp },
    },
  }
}
