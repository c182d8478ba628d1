import { expect, test } from 'vitest'
import { DEFAULT_WRITER, type WriterMetadata } from '../../src/features/feature-record.ts'
import { estimateItemBytes } from '../../src/features/item-size.ts'

/** The bytes that metadata adds to those of an item without any. */
function bytesOf(metadata: Partial<WriterMetadata>): number {
  return estimateItemBytes(40, 0, { ...DEFAULT_WRITER, ...metadata }) - estimateItemBytes(40, 0)
}

// Names and texts as bytes; of a number one byte for two digits, and one more.
test.for<[string, Partial<WriterMetadata>, number]>([
  ['nothing', {}, 0],
  ['a source', { source: 'batch-job' }, 'batch-job'.length - 'api'.length],
  ['a source of multi-byte characters', { source: '🦊é' }, 6 - 'api'.length],
  ['the longest source', { source: '🦊'.repeat(256) }, 1024 - 'api'.length],
  ['a compute_id', { computeId: 'x' }, 1 - 'None'.length],
  ['a ttl of one digit', { ttlSeconds: 7 }, 2 - 'None'.length + 'expires_at'.length + 6],
  ['the longest ttl', { ttlSeconds: 315_359_999 }, 6 - 'None'.length + 'expires_at'.length + 6],
  ['an event time', { eventTimeMs: '1759823206943' }, 'event_time'.length + 8],
  ['an event time of nanoseconds', { eventTimeMs: '1759823206943.123456' }, 'event_time'.length + 11],
  ['the epoch', { eventTimeMs: '0' }, 'event_time'.length + 1],
])('%s counts as DynamoDB counts it', ([, metadata, bytes]) => {
  expect(bytesOf(metadata)).toBe(bytes)
})

test('what is counted of each is added up', () => {
  const all = { source: 'a-job', computeId: 'a-run', ttlSeconds: 60, eventTimeMs: '1759823206943' }

  const each = Object.entries(all).map(([name, value]) => bytesOf({ [name]: value }))

  expect(bytesOf(all)).toBe(each.reduce((sum, bytes) => sum + bytes, 0))
})
