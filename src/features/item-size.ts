import { DEFAULT_METADATA, DEFAULT_WRITER, type ItemKey, type TableType, type WriterMetadata } from './feature-record.ts'
import { MAX_ITEM_BYTES } from './limits.ts'
import { CONTAINER_BYTES, MEMBER_BYTES, numberBytes } from './value-bytes.ts'

// Milliseconds since the epoch. Those that end in a zero take a byte less, but what fits must not depend on the time of day.
const VERSION_BYTES = numberBytes('1'.repeat(13))
// Seconds since the epoch, alike.
const EXPIRY_BYTES = numberBytes('1'.repeat(10))
const TIMESTAMP_BYTES = '2025-10-07T07:46:26.943Z'.length

const FEATURES_BYTES = 'features'.length + CONTAINER_BYTES + placeBytes('data') + CONTAINER_BYTES
const METADATA_BYTES =
  placeBytes('metadata') +
  CONTAINER_BYTES +
  placeBytes('updated_at') +
  TIMESTAMP_BYTES +
  placeBytes('source') +
  placeBytes('compute_id') +
  placeBytes('ttl')
// What every item of ours has, whatever its key, its features and its writer.
const FIXED_BYTES = METADATA_BYTES + 'created_at'.length + TIMESTAMP_BYTES + 'version'.length + VERSION_BYTES

/**
 * The bytes that DynamoDB counts for an item, never more than it counts (but for its two times as numbers, see there): what
 * exceeds the limit here, every store refuses; what is just below, the store decides. `keyBytes`: the key's two names and
 * values; `featureBytes`: as encodeFeatures counts them.
 * Source: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats".
 */
export function estimateItemBytes(keyBytes: number, featureBytes: number, writer: WriterMetadata = DEFAULT_WRITER): number {
  const { source, computeId, ttlSeconds, expiresAtSeconds, eventTimeMs } = writer
  return (
    keyBytes +
    estimateFeatureBytes(featureBytes) +
    FIXED_BYTES +
    Buffer.byteLength(source) +
    Buffer.byteLength(computeId) +
    (ttlSeconds === undefined ? DEFAULT_METADATA.ttl.length : numberBytes(String(ttlSeconds))) +
    ((ttlSeconds ?? expiresAtSeconds) === undefined ? 0 : 'expires_at'.length + EXPIRY_BYTES) +
    (eventTimeMs === undefined ? 0 : 'event_time'.length + numberBytes(eventTimeMs))
  )
}

/** What is wrong with an item's size, or undefined. `bytes`: a lower bound of it. */
export function checkItemBytes(category: string, bytes: number): string | undefined {
  if (bytes <= MAX_ITEM_BYTES) return undefined
  return (
    `Category ${JSON.stringify(category)} would be an item of at least ${bytes} bytes; DynamoDB's limit is ${MAX_ITEM_BYTES}. ` +
    'Split it into smaller categories.'
  )
}

/** The bytes of a key's names and values. */
export function keyBytesOf(tableType: TableType, { identifier, category }: ItemKey): number {
  return tableType.length + Buffer.byteLength(identifier) + 'category'.length + Buffer.byteLength(category)
}

/** The bytes that features take in any item, whatever else it has. `featureBytes`: as encodeFeatures counts them. */
export function estimateFeatureBytes(featureBytes: number): number {
  return FEATURES_BYTES + featureBytes
}

/** Of a member in a map, beside its value. */
function placeBytes(name: string): number {
  return MEMBER_BYTES + name.length
}
