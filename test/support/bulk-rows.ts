import { type Position, type ReadRow, type RowSource, START } from '../../src/cli/import/import-row.ts'
import { createRowReader, type RowDefaults } from '../../src/cli/import/row-reader.ts'
import { DEFAULT_WRITER, type WriterMetadata } from '../../src/features/feature-record.ts'

/** A row as tests look at it: its key and its features as DynamoDB's JSON, or what is wrong with it. */
export type SeenRow = {
  line: number
  end: number
  key?: string
  features?: Record<string, string>
  writer?: WriterMetadata
  fault?: string
}

/** What reads rows where the command said nothing more. */
export function rowReader(defaults: Partial<RowDefaults> = {}) {
  return createRowReader({ tableType: 'bright_uid', category: undefined, writer: DEFAULT_WRITER, ...defaults })
}

/** All rows of a file from a position on. */
export async function readAll(source: RowSource, from: Position = START): Promise<SeenRow[]> {
  const batches = await Array.fromAsync(source.read(from))
  return batches.flat().map((read) => {
    const { line, end } = read
    if ('fault' in read) return { line, end, fault: read.fault }
    const { identifier, category, features, writer } = read.row
    return { line, end, key: `${identifier} ${category}`, features: Object.fromEntries(features.members), writer }
  })
}

/** A row that was read, whose feature `n` is its line. */
export function readRow(line: number, identifier: string): ReadRow {
  const features = { members: new Map([['n', `{"N":"${line}"}`]]), bytes: 0 }
  return { line, end: line, row: { identifier, category: 'c', features, writer: DEFAULT_WRITER } }
}

/** Rows as a source hands them out. */
export async function* batchesOf(rows: readonly ReadRow[], size: number) {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size)
}
