import type { RawNumber } from '../json/exact-number.ts'

/** Which of the two tables; also the name of that table's partition key. */
export const TABLE_TYPES = ['bright_uid', 'account_id'] as const
export type TableType = (typeof TABLE_TYPES)[number]

/** One user or account, in the table of its kind. */
export type Entity = { tableType: TableType; identifier: string }

/** Where one category of one entity is, in the table of a kind. */
export type ItemKey = { identifier: string; category: string }

/** A category to read, and the features of it; no names: all. */
export type ReadKey = ItemKey & { names: readonly string[] }

/** What a reader asks of several categories: feature names by category; an empty list means all of that category. */
export type FeatureMapping = { readonly [category: string]: readonly string[] }

/** Any JSON value. A number that a double cannot hold exactly is a raw number. */
export type FeatureValue = string | number | boolean | null | RawNumber | FeatureValue[] | { [name: string]: FeatureValue }

/** Feature values by feature name: the data of one category. */
export type Features = { [name: string]: FeatureValue }

/** One category as it is served: its JSON text, and what of it is counted. */
export type FeatureRecord = {
  /** `{"data":{…},"metadata":{…}}` */
  json: string
  /** Features in the text's `data`. */
  found: number
  /** Those of them that are null. */
  nulls: number
  /** Names asked for and not stored: distinct, in the order asked. */
  missing: readonly string[]
  /** The text of `metadata.updated_at`, where that is one. */
  updatedAt: string | undefined
}

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
  /** When they end, in seconds since the epoch, where that is not so many seconds from the write on: of features that move from elsewhere. */
  expiresAtSeconds?: number | undefined
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
