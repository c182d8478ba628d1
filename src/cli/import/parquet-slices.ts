import { type AsyncBuffer, type FileMetaData, parquetScan, type RowGroup } from 'hyparquet'
import { compressors as known } from 'hyparquet-compressors'
import { FileError } from '../bulk/file-error.ts'
import type { ParquetColumn } from './parquet-columns.ts'

/** Some rows of a file, column by column: from row `rowStart` on, counted from 0, the stored values of each column. */
export type ParquetSlice = { rowStart: number; rows: number; values: readonly ArrayLike<unknown>[] }

export type ReadSlicesOptions = {
  file: AsyncBuffer
  metadata: FileMetaData
  columns: readonly ParquetColumn[]
  /** The first row that is wanted, from 0. */
  rowStart: number
}

// A slice's values are in memory, at 100 bytes or so each, and as many bytes as are stored of them.
const SLICE_VALUES = 500_000
const SLICE_BYTES = 32 * 1024 * 1024

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
 * Reads a file's rows a slice of a row group at a time: writers put a million rows into one. Columns of lists and structs are
 * read once for a group, as their pages do not say which rows they hold.
 * @throws FileError where what is stored cannot be read.
 */
export async function* readSlices({ file, metadata, columns, rowStart: from }: ReadSlicesOptions): AsyncGenerator<ParquetSlice> {
  const scan = await parquetScan({ file, metadata, compressors, parsers, utf8: false })

  async function readColumn(column: string, rowStart: number, rowEnd: number): Promise<ArrayLike<unknown>> {
    try {
      return await scan.readColumn({ column, rowStart, rowEnd })
    } catch (error) {
      const reason = error instanceof Error ? error.message : error
      throw new FileError(`the rows from ${rowStart + 1} to ${rowEnd} cannot be read: the column ${column}: ${reason}`)
    }
  }

  let groupStart = 0
  for (const group of metadata.row_groups) {
    const groupEnd = groupStart + Number(group.num_rows)
    const firstRow = Math.max(groupStart, from)
    const sliceRows = rowsOfSlice(group)
    if (firstRow < groupEnd) {
      // The scan keeps what it has read of a column last, and cuts the slices out of it.
      for (const { name, isNested } of columns) if (isNested) await readColumn(name, firstRow, groupEnd)
    }
    for (let rowStart = firstRow; rowStart < groupEnd; rowStart += sliceRows) {
      const rowEnd = Math.min(rowStart + sliceRows, groupEnd)
      const values: ArrayLike<unknown>[] = []
      // One after the other: each takes its whole part of the file into memory.
      for (const { name } of columns) values.push(await readColumn(name, rowStart, rowEnd))
      yield { rowStart, rows: rowEnd - rowStart, values }
    }
    groupStart = groupEnd
  }
}

function rowsOfSlice({ num_rows, columns }: RowGroup): number {
  const rows = Number(num_rows)
  const sumOf = (part: 'num_values' | 'total_uncompressed_size') =>
    columns.reduce((sum, { meta_data }) => sum + Number(meta_data?.[part] ?? 0), 0)
  const slices = Math.max(sumOf('num_values') / SLICE_VALUES, sumOf('total_uncompressed_size') / SLICE_BYTES, 1)
  return Math.max(1, Math.floor(rows / slices))
}
