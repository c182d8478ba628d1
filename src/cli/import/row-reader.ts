import { isJsonObject } from '../../features/check-body.ts'
import { checkIdentifier, checkWritableCategory, isWritersName } from '../../features/check-names.ts'
import { type EncodedFeatures, encodeFeatures } from '../../features/encode-features.ts'
import { parseEventTime } from '../../features/event-time.ts'
import type { ItemKey, TableType, WriterMetadata } from '../../features/feature-record.ts'
import type { Finding } from '../../features/finding.ts'
import { checkItemBytes, estimateItemBytes, keyBytesOf } from '../../features/item-size.ts'
import { MAX_EXPIRY_SECONDS, MAX_TTL_SECONDS } from '../../features/limits.ts'
import { jsonPath } from '../../json/json-path.ts'
import { type ImportRow, RowError } from './import-row.ts'

export type RowReader = ReturnType<typeof createRowReader>

/** What goes for rows that do not say it themselves. */
export type RowDefaults = { tableType: TableType; category: string | undefined; writer: WriterMetadata }

type Members = Readonly<Record<string, unknown>>

const MEMBERS = ['identifier', 'category', 'features', 'event_time', 'ttl', 'expires_at', 'source', 'compute_id']

/** Reads rows by the rules that the API has for writes; what breaks one is a RowError, so that nothing else needs to be tried. */
export function createRowReader({ tableType, category: defaultCategory, writer: defaults }: RowDefaults) {
  function makeRow(key: { identifier: unknown; category: unknown }, features: object, writer: WriterMetadata): ImportRow {
    const identifier = requireText('identifier', key.identifier, checkIdentifier)
    const category = requireText('category', absent(key.category) ? defaultCategory : key.category, checkWritableCategory)
    const encoded = encode(features)
    const fault = findOversize({ identifier, category }, encoded, writer)
    if (fault !== undefined) throw new RowError(fault)
    return { identifier, category, features: encoded, writer }
  }

  function findOversize(key: ItemKey, features: EncodedFeatures, writer: WriterMetadata): string | undefined {
    return checkItemBytes(key.category, estimateItemBytes(keyBytesOf(tableType, key), features.bytes, writer))
  }

  function readWriter({ event_time, ttl, expires_at, source, compute_id }: Members): WriterMetadata {
    const hasLife = !absent(ttl) || !absent(expires_at)
    return {
      source: readName('source', source) ?? defaults.source,
      computeId: readName('compute_id', compute_id) ?? defaults.computeId,
      ttlSeconds: hasLife ? readTtl(ttl) : defaults.ttlSeconds,
      expiresAtSeconds: readExpiry(expires_at),
      eventTimeMs: readEventTime(event_time) ?? defaults.eventTimeMs,
    }
  }

  return {
    /** A row of JSON: `{"identifier", "category", "features", "event_time"?, "ttl"?, "expires_at"?, "source"?, "compute_id"?}`. */
    fromJson(value: unknown): ImportRow {
      if (!isJsonObject(value)) throw new RowError('must be a JSON object')
      const members = value as Members
      const unknown = Object.keys(members).find((name) => !MEMBERS.includes(name))
      if (unknown !== undefined) throw new RowError(`${jsonPath([unknown])} is not known; a row has ${MEMBERS.join(', ')}`)
      const { identifier, category, features } = members
      if (!isJsonObject(features)) throw new RowError('features must be a JSON object')
      return makeRow({ identifier, category }, features, readWriter(members))
    },

    /** A row of columns: its key, and its features by name. */
    fromColumns: (key: { identifier: unknown; category: unknown }, features: object) => makeRow(key, features, defaults),
  }
}

function encode(features: object): EncodedFeatures {
  const findings: Finding[] = []
  const encoded = encodeFeatures(features, ['features'], findings)
  if (findings.length > 0) throw new RowError(findings.map(({ at, message }) => `${jsonPath(at)}: ${message}`).join('; '))
  return encoded
}

function absent(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function requireText(name: string, value: unknown, check: (text: string) => string | undefined): string {
  if (absent(value)) throw new RowError(`${name} is missing`)
  if (typeof value !== 'string') throw new RowError(`${name} must be a string`)
  const fault = check(value)
  if (fault !== undefined) throw new RowError(`${name} ${fault}`)
  return value
}

function readName(name: string, value: unknown): string | undefined {
  if (absent(value)) return undefined
  if (typeof value === 'string' && isWritersName(value)) return value
  throw new RowError(`${name} must be 1 to 256 characters`)
}

/** "None" is how the API shows that there is none. */
export function readTtl(value: unknown): number | undefined {
  if (absent(value) || value === 'None') return undefined
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_TTL_SECONDS) return Number(value)
  throw new RowError(`ttl must be whole seconds from 1 to ${MAX_TTL_SECONDS} (ten years)`)
}

/** What is beyond the years of RFC 3339 is most likely meant as milliseconds. */
function readExpiry(value: unknown): number | undefined {
  if (absent(value)) return undefined
  if (Number.isSafeInteger(value) && Number(value) > 0 && Number(value) <= MAX_EXPIRY_SECONDS) return Number(value)
  const ms = typeof value === 'string' && value.includes('T') ? Number(parseEventTime(value)) : Number.NaN
  if (ms > 0 && Number.isInteger(ms / 1000)) return ms / 1000
  throw new RowError('expires_at must be a whole second, as RFC 3339 has it with a zone, or in seconds since the epoch')
}

/** A writer's event time, as parseEventTime gives it; undefined where there is none. */
export function readEventTime(value: unknown): string | undefined {
  if (absent(value)) return undefined
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  const time = parseEventTime(text)
  if (time !== undefined) return time
  throw new RowError('event_time must be a time with a zone as RFC 3339 has it, or whole milliseconds since the epoch')
}
