import type { EncodedFeatures } from '../../features/encode-features.ts'
import type { ItemKey, WriterMetadata } from '../../features/feature-record.ts'

/** A row that is as it should be: one category of one entity. */
export type ImportRow = ItemKey & { features: EncodedFeatures; writer: WriterMetadata }

/** Where a file was read up to: in bytes, or in rows of a Parquet file; and its lines, or rows, until there. */
export type Position = { offset: number; line: number }

export const START: Position = { offset: 0, line: 0 }

/** Where a row stands: its last line, its first where it has several, and the offset behind it. */
export type RowPlace = { firstLine?: number; line: number; end: number }

/** A row as it was read: what it is or what is wrong with it. */
export type ReadRow = RowPlace & ({ row: ImportRow } | { fault: string; text: string | undefined })

/** A file's rows, some at a time, and how large it is, in the unit of its offsets. */
export type RowSource = {
  size: number
  read: (from: Position) => AsyncIterable<readonly ReadRow[]>
}

/** What is wrong with one row; the others are read on. */
export class RowError extends Error {
  override readonly name = 'RowError'
}
