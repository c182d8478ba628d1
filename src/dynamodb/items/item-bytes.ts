import type { FeatureRecord, TableType } from '../../features/feature-record.ts'
import '../../json/sound-parse.ts'
import type { Item } from './attribute.ts'
import {
  copyAttribute,
  copyObject,
  digitsAt,
  isNullAt,
  mapAt,
  type Output,
  textAt,
  writeBytes,
  writeText,
} from './copy-attribute.ts'
import { behind, behindValue, CLOSING_BRACE, type JsonBytes, UNUSUAL, visitMembers } from './json-bytes.ts'
import type { ReadItem } from './read-item.ts'
import { timesJson, toRecord } from './record-json.ts'
import { isLive } from './stored-state.ts'

/** `features`, once it is walked through: what was counted of its data, which is written by then, and where its metadata are. */
type Features = { found: number; nulls: number; hasData: boolean; metadata: number[] }

const ATTRIBUTES = ['category', 'features', 'created_at', 'version', 'expires_at', 'event_time']
const FEATURES = ATTRIBUTES.indexOf('features')
const NAMES: Readonly<Record<TableType, readonly Buffer[]>> = {
  bright_uid: quoted([...ATTRIBUTES, 'bright_uid']),
  account_id: quoted([...ATTRIBUTES, 'account_id']),
}
const FEATURES_NAMES = quoted(['data', 'metadata'])
const DATA = 0
const METADATA = ['created_at', 'updated_at', 'source', 'compute_id', 'ttl']
const METADATA_NAMES = quoted(METADATA)
const CREATED_AT = METADATA.indexOf('created_at')
const UPDATED_AT = METADATA.indexOf('updated_at')

const DATA_START = Buffer.from('{"data":')
const RECORD_END = Buffer.from('}}')
const METADATA_STARTS = METADATA.map((name, index) => Buffer.from(`${index === 0 ? ',"metadata":{' : ','}"${name}":`))

// For all items, one after the other: 400 KB of DynamoDB are mostly less JSON than this.
const out: Output = { bytes: Buffer.allocUnsafeSlow(1024 * 1024), at: 0 }

/**
 * Reads an item off a reply's bytes, which takes 0.6 of the time of JSON.parse and toRecord. Where some of its features are asked
 * for by name, it is read once more, as an object.
 * @throws where it is not as this service writes it; as an object it may be right all the same.
 */
export function readItem(bytes: JsonBytes, start: number, tableType: TableType): { item: ReadItem; end: number } {
  const features: Features = { found: 0, nulls: 0, hasData: false, metadata: [] }
  const places: number[] = []
  out.at = 0
  const end = visitMembers(bytes, start, NAMES[tableType], (name, at) => {
    places[name] = at
    return name === FEATURES ? copyFeatures(bytes, at, features) : behindValue(bytes, at)
  })
  const [categoryAt, , createdAt, versionAt, expiresAt, eventTimeAt, identifierAt] = places
  // Not served, but what is no number is not as usual.
  if (versionAt !== undefined) digitsAt(bytes, versionAt)
  const key = { identifier: textAt(bytes, present(identifierAt)), category: textAt(bytes, present(categoryAt)) }
  const times: Item = {}
  if (expiresAt !== undefined) times.expires_at = { N: digitsAt(bytes, expiresAt) }
  if (eventTimeAt !== undefined) times.event_time = { N: digitsAt(bytes, eventTimeAt) }
  if (createdAt !== undefined) {
    // The older service kept it among the metadata. Nobody has both.
    if (features.metadata[CREATED_AT] !== undefined) throw UNUSUAL
    features.metadata[CREATED_AT] = createdAt
  }
  const record = finishRecord(bytes, features, times)

  let parsed: Item | undefined
  function recordAt(names: readonly string[], nowMs: number): FeatureRecord | undefined {
    if (names.length === 0) return isLive(times, nowMs) ? record : undefined
    parsed ??= JSON.parse(bytes.toString('utf8', start, end)) as Item
    return toRecord(parsed, names, nowMs)
  }
  return { item: { key, recordAt }, end }
}

/** Writes the data, and notes where the metadata are. */
function copyFeatures(bytes: JsonBytes, start: number, features: Features): number {
  const end = visitMembers(bytes, mapAt(bytes, start), FEATURES_NAMES, (name, at) => {
    const map = mapAt(bytes, at)
    return behind(bytes, name === DATA ? copyData(bytes, map, features) : findMetadata(bytes, map, features), CLOSING_BRACE)
  })
  return behind(bytes, end, CLOSING_BRACE)
}

function copyData(bytes: JsonBytes, start: number, features: Features): number {
  features.hasData = true
  writeBytes(out, DATA_START)
  return copyObject(bytes, start, out, 0, (at) => {
    features.found += 1
    if (isNullAt(bytes, at)) features.nulls += 1
  })
}

function findMetadata(bytes: JsonBytes, start: number, { metadata }: Features): number {
  return visitMembers(bytes, start, METADATA_NAMES, (name, at) => {
    metadata[name] = at
    return behindValue(bytes, at)
  })
}

function finishRecord(bytes: JsonBytes, { found, nulls, hasData, metadata }: Features, times: Item): FeatureRecord {
  if (!hasData) throw UNUSUAL
  METADATA_STARTS.forEach((text, name) => {
    writeBytes(out, text)
    copyAttribute(bytes, present(metadata[name]), out)
  })
  writeText(out, timesJson(times))
  writeBytes(out, RECORD_END)
  if (out.at > out.bytes.length) throw UNUSUAL
  return {
    json: out.bytes.toString('utf8', 0, out.at),
    found,
    nulls,
    missing: [],
    updatedAt: textAt(bytes, present(metadata[UPDATED_AT])),
  }
}

/** An attribute that usual items have. */
function present(place: number | undefined): number {
  if (place === undefined) throw UNUSUAL
  return place
}

function quoted(names: readonly string[]): Buffer[] {
  return names.map((name) => Buffer.from(`"${name}"`))
}
