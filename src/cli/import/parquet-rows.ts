import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync } from 'hyparquet'
import { FileError } from '../bulk/file-error.ts'
import { type Columns, findColumns } from './columns.ts'
import { type Position, type ReadRow, RowError, type RowSource } from './import-row.ts'
import { type ParquetColumn, prepareColumns } from './parquet-columns.ts'
import { openParquetFile } from './parquet-file.ts'
import { readSlices } from './parquet-slices.ts'
import type { RowReader } from './row-reader.ts'

/** What a row has in a column, by the column's place. */
type ValueOf = (column: number) => unknown

const PART_ROWS = 100
const MAGIC_BYTES = 4

/**
 * Rows of a Parquet file, read in slices of its row groups.
 * @throws FileError where it is none, or its columns are not such as rows are made of.
 */
export async function openParquet(path: string, category: string | undefined, reader: RowReader): Promise<RowSource> {
  const file = await openParquetFile(path)
  const metadata = await readMetadata(file)
  const stored = prepareColumns(metadata)
  const names = stored.map(({ name }) => name)
  const columns = findColumns(names, category)

  function readRow(at: ValueOf, line: number): ReadRow {
    try {
      const key = {
        identifier: keyText(at, stored, columns.identifier),
        category: keyText(at, stored, columns.category),
      }
      return { line, end: line, row: reader.fromColumns(key, readFeatures(at, stored, columns)) }
    } catch (error) {
      if (error instanceof RowError) return { line, end: line, fault: error.message, text: undefined }
      throw error
    }
  }

  async function* read(from: Position): AsyncGenerator<readonly ReadRow[]> {
    for await (const slice of readSlices({ file, metadata, columns: names, rowStart: from.offset })) {
      // Read some at a time: as rows they take more room than as columns.
      for (let start = 0; start < slice.rows; start += PART_ROWS) {
        const rows = Math.min(PART_ROWS, slice.rows - start)
        yield Array.from({ length: rows }, (_, index) =>
          readRow((column) => slice.values[column]?.[start + index], slice.rowStart + start + index + 1),
        )
      }
    }
  }
  return { size: Number(metadata.num_rows), read }
}

async function readMetadata(file: AsyncBuffer): Promise<FileMetaData> {
  try {
    return await parquetMetadataAsync(file, { geoparquet: false })
  } catch (error) {
    const ending = Buffer.from(await file.slice(Math.max(0, file.byteLength - MAGIC_BYTES))).toString('latin1')
    if (ending === 'PARE') throw new FileError('is encrypted, and cannot be read')
    throw new FileError(`is not a Parquet file, or damaged: ${error instanceof Error ? error.message : error}`)
  }
}

function readFeatures(at: ValueOf, stored: readonly ParquetColumn[], columns: Columns): object {
  const features: Record<string, unknown> = Object.create(null)
  for (const { name, index } of columns.features) {
    const convert = stored[index]?.convert
    features[name] = convert ? named(name, () => convert(at(index))) : null
  }
  return features
}

function named<Value>(column: string, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (error instanceof RowError) throw new RowError(`${column} ${error.message}`)
    throw error
  }
}

const WHOLE_NUMBER = /^-?\d+$/

/** A key's part as the column says it: its text, or a whole number's digits. */
function keyText(at: ValueOf, stored: readonly ParquetColumn[], index: number | undefined): unknown {
  const column = index === undefined ? undefined : stored[index]
  if (index === undefined || !column) return undefined
  const value = named(column.name, () => column.convert(at(index)))
  if (typeof value !== 'number' && !JSON.isRawJSON(value)) return value
  // A double that is whole has all its digits up to 1e21, and is written with an exponent beyond.
  const digits = JSON.isRawJSON(value) ? value.rawJSON : String(value)
  return WHOLE_NUMBER.test(digits) ? digits : value
}
