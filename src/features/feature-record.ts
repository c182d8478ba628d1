import type { RawNumber } from '../json/exact-number.ts'

/** Which of the two tables; also the name of that table's partition key. */
export const TABLE_TYPES = ['bright_uid', 'account_id'] as const
export type TableType = (typeof TABLE_TYPES)[number]

/** One user or account, in the table of its kind. */
export type Entity = { tableType: TableType; identifier: string }

/** Where one category of one entity is, in the table of a kind. */
export type ItemKey = { identifier: string; category: string }

/** Any JSON value. A number that a double cannot hold exactly is a raw number. */
export type FeatureValue = string | number | boolean | null | RawNumber | FeatureValue[] | { [name: string]: FeatureValue }

/** Feature values by feature name: the data of one category. */
export type Features = { [name: string]: FeatureValue }

/** What is kept beside a category's features. Timestamps as stored: RFC 3339, UTC, milliseconds; null where none was stored. */
export type FeatureMetadata = {
  created_at: FeatureValue
  updated_at: FeatureValue
  source: FeatureValue
  compute_id: FeatureValue
  /** Seconds; "None" where the category does not expire. */
  ttl: FeatureValue
  /** RFC 3339: from then on it is missing. Only where it expires. */
  expires_at?: string
  /** RFC 3339. Only where a writer gave one. */
  event_time?: string
}

/** One category of one entity, as stored. */
export type FeatureRecord = { data: Features; metadata: FeatureMetadata }

/** Records by identifier and category. */
export type RecordsByEntity = ReadonlyMap<string, ReadonlyMap<string, FeatureRecord>>

/** The documented defaults of the metadata; "None" is the contract's own word. */
export const DEFAULT_METADATA = { source: 'api', compute_id: 'None', ttl: 'None' } as const

/** What a writer says of the features that it writes. */
export type WriterMetadata = {
  source: string
  computeId: string
  /** How long they live; undefined: until they are replaced. */
  ttlSeconds: number | undefined
  /** When they were true, as parseEventTime gives it; undefined: the writer does not say. */
  eventTimeMs: string | undefined
}

/** What goes for a writer that says nothing. */
export const DEFAULT_WRITER: WriterMetadata = {
  source: DEFAULT_METADATA.source,
  computeId: DEFAULT_METADATA.compute_id,
  ttlSeconds: undefined,
  eventTimeMs: undefined,
}
