import { asyncBufferFromFile, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { compressors as known } from 'hyparquet-compressors'
import { FileError } from '../bulk/file-error.ts'
import { type Columns, findColumns } from './columns.ts'
import { type Position, type ReadRow, RowError, type RowSource } from './import-row.ts'
import { orNull, type ParquetColumn, prepareColumns } from './parquet-columns.ts'
import type { RowReader } from './row-reader.ts'

type StoredRow = Readonly<Record<string, unknown>>

// Pages without any value are an empty block, which the library's LZ4 takes for a broken one.
const compressors = Object.fromEntries(
  Object.entries(known).map(([codec, expand]) => [
    codec,
    (input: Uint8Array, bytes: number) => (bytes === 0 ? new Uint8Array() : expand(input, bytes)),
  ]),
)

// What is left to the library's own reading: old timestamps, and the names of maps.
const parsers = { timestampFromNanoseconds: (nanos: bigint) => nanos }

/**
 * Rows of a Parquet file, a row group at a time, which is what is held in memory.
 * @throws FileError where it is none, or its columns are not such as rows are made of.
 */
export async function openParquet(path: string, category: string | undefined, reader: RowReader): Promise<RowSource> {
  const file = await asyncBufferFromFile(path)
  const metadata = await readMetadata(file)
  const stored = prepareColumns(metadata)
  const columns = findColumns(
    stored.map(({ name }) => name),
    category,
  )

  function readRow(row: StoredRow, line: number): ReadRow {
    try {
      const key = { identifier: keyText(row, stored[columns.identifier]), category: keyText(row, categoryOf(stored, columns)) }
      return { line, end: line, row: reader.fromColumns(key, readFeatures(row, stored, columns)) }
    } catch (error) {
      if (error instanceof RowError) return { line, end: line, fault: error.message, text: undefined }
      throw error
    }
  }

  async function readGroup(rowStart: number, rowEnd: number): Promise<StoredRow[]> {
    try {
      return await parquetReadObjects({ file, metadata, rowStart, rowEnd, compressors, parsers, utf8: false })
    } catch (error) {
      const reason = error instanceof Error ? error.message : error
      throw new FileError(`the rows from ${rowStart + 1} to ${rowEnd} of ${path} cannot be read: ${reason}`)
    }
  }

  async function* read(from: Position): AsyncGenerator<readonly ReadRow[]> {
    let groupStart = 0
    for (const group of metadata.row_groups) {
      const groupEnd = groupStart + Number(group.num_rows)
      const rowStart = Math.max(groupStart, from.offset)
      if (rowStart < groupEnd) {
        const rows = await readGroup(rowStart, groupEnd)
        yield* inParts(rows, (row, index) => readRow(row, rowStart + index + 1))
      }
      groupStart = groupEnd
    }
  }
  return { size: Number(metadata.num_rows), read }
}

const PART_ROWS = 1000

/** Read some at a time: as rows they take more room than in the file. */
function* inParts(rows: StoredRow[], read: (row: StoredRow, index: number) => ReadRow): Generator<readonly ReadRow[]> {
  for (let start = 0; start < rows.length; start += PART_ROWS) {
    yield rows.slice(start, start + PART_ROWS).map((row, index) => read(row, start + index))
  }
}

async function readMetadata(file: Awaited<ReturnType<typeof asyncBufferFromFile>>): Promise<FileMetaData> {
  try {
    return await parquetMetadataAsync(file, { geoparquet: false })
  } catch (error) {
    throw new FileError(`is not a Parquet file: ${error instanceof Error ? error.message : error}`)
  }
}

function readFeatures(row: StoredRow, stored: readonly ParquetColumn[], columns: Columns): object {
  const features: Record<string, unknown> = Object.create(null)
  for (const { name, index } of columns.features) {
    const convert = stored[index]?.convert
    try {
      features[name] = convert ? orNull(convert)(row[name]) : null
    } catch (error) {
      if (error instanceof RowError) throw new RowError(`${name} ${error.message}`)
      throw error
    }
  }
  return features
}

/** A key's part: text, or a whole number's digits. */
function keyText(row: StoredRow, column: ParquetColumn | undefined): unknown {
  if (!column) return undefined
  const value = row[column.name]
  const isInteger = typeof value === 'bigint' || Number.isInteger(value)
  return isInteger ? String(value) : orNull(column.convert)(value)
}

function categoryOf(stored: readonly ParquetColumn[], { category }: Columns): ParquetColumn | undefined {
  return category === undefined ? undefined : stored[category]
}
