import type { RawNumber } from '../json/exact-number.ts'

/** Which of the two tables; also the name of that table's partition key. */
export const TABLE_TYPES = ['bright_uid', 'account_id'] as const
export type TableType = (typeof TABLE_TYPES)[number]

/** One user or account, in the table of its kind. */
export type Entity = { tableType: TableType; identifier: string }

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
  ttl: FeatureValue
}

/** One category of one entity, as stored. */
export type FeatureRecord = { data: Features; metadata: FeatureMetadata }

/** The documented defaults of the metadata; "None" is the contract's own word. */
export const DEFAULT_METADATA = { source: 'api', compute_id: 'None', ttl: 'None' } as const
