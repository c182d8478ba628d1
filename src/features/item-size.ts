import { parseDecimal } from '../json/exact-number.ts'
import { DEFAULT_METADATA, DEFAULT_WRITER, type Features, type FeatureValue, type WriterMetadata } from './feature-record.ts'

const CONTAINER_BYTES = 3
const MEMBER_BYTES = 1
// Milliseconds since the epoch. Those that end in a zero take a byte less, but what fits must not depend on the time of day.
const VERSION_BYTES = numberBytes('1'.repeat(13))
// Seconds since the epoch, alike.
const EXPIRY_BYTES = numberBytes('1'.repeat(10))
const TIMESTAMP_BYTES = '2025-10-07T07:46:26.943Z'.length

/**
 * The bytes that DynamoDB counts for an item, never more than it counts (but for its two times as numbers, see there): what
 * exceeds the limit here, every store refuses; what is just below, the store decides. `keyBytes`: the key's two names and
 * values.
 * Source: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats".
 */
export function estimateItemBytes(keyBytes: number, features: Features, writer: WriterMetadata = DEFAULT_WRITER): number {
  const { source, computeId, ttlSeconds, eventTimeMs } = writer
  const metadata = { source, compute_id: computeId, ttl: ttlSeconds ?? DEFAULT_METADATA.ttl, updated_at: '' }
  return (
    keyBytes +
    memberBytes('features', { data: features, metadata }) +
    TIMESTAMP_BYTES +
    Buffer.byteLength('created_at') +
    TIMESTAMP_BYTES +
    Buffer.byteLength('version') +
    VERSION_BYTES +
    (ttlSeconds === undefined ? 0 : Buffer.byteLength('expires_at') + EXPIRY_BYTES) +
    (eventTimeMs === undefined ? 0 : Buffer.byteLength('event_time') + numberBytes(eventTimeMs))
  )
}

/** The bytes that features take in any item, whatever else it has. */
export function estimateFeatureBytes(features: Features): number {
  return memberBytes('features', { data: features })
}

function memberBytes(name: string, value: FeatureValue): number {
  return Buffer.byteLength(name) + valueBytes(value)
}

function valueBytes(value: FeatureValue): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (typeof value === 'number') return numberBytes(String(value))
  if (value === null || typeof value === 'boolean') return 1
  if (JSON.isRawJSON(value)) return numberBytes(value.rawJSON)
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + MEMBER_BYTES + valueBytes(item), CONTAINER_BYTES)
  return Object.entries(value).reduce((sum, [name, member]) => sum + MEMBER_BYTES + memberBytes(name, member), CONTAINER_BYTES)
}

// One byte for two significant digits, and one more.
function numberBytes(text: string): number {
  return 1 + Math.ceil(parseDecimal(text).digits.length / 2)
}
