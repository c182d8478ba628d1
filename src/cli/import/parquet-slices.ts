import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import {
  type AsyncBuffer,
  type ColumnMetaData,
  type FileMetaData,
  parquetScan,
  parquetSchema,
  type RowGroup,
  type SchemaTree,
} from 'hyparquet'
import { getMaxRepetitionLevel, getTreePath } from 'hyparquet/src/schema.js'
import { compressors as known } from 'hyparquet-compressors'
import { FileError } from '../bulk/file-error.ts'
import { locatePages, type PageLocation } from './parquet-pages.ts'

/** Some rows of a file, column by column: from row `rowStart` on, counted from 0, the stored values of each column. */
export type ParquetSlice = { rowStart: number; rows: number; values: readonly ArrayLike<unknown>[] }

export type ReadSlicesOptions = {
  file: AsyncBuffer
  metadata: FileMetaData
  /** The names of the columns. */
  columns: readonly string[]
  /** The first row that is wanted, from 0. */
  rowStart: number
  /** How many values are held at once, as far as pages allow. */
  sliceValues?: number
}

/** The pages of a row group's columns, those of structs and lists by the path of each of their leaves. */
type GroupPages = { located: Record<string, PageLocation[]>; ofLists: PageLocation[][] }

const NO_PAGES: GroupPages = { located: {}, ofLists: [] }

// A slice's values are in memory, at 100 bytes or so each, and as many bytes as are stored of them.
const SLICE_VALUES = 250_000
const SLICE_BYTES = 32 * 1024 * 1024
// A page of a list is read as a whole for each slice that has a part of it.
const MAX_READINGS = 8

// Node's own check what they expand, and take a part of the time.
const checked = { ...known, GZIP: gunzipSync, BROTLI: brotliDecompressSync, ZSTD: zstdDecompressSync }

// Pages without any value are an empty block, which the library's LZ4 takes for a broken one.
const compressors = Object.fromEntries(
  Object.entries(checked).map(([codec, expand]) => [
    codec,
    (input: Uint8Array, bytes: number) => (bytes === 0 ? new Uint8Array() : expand(input, bytes)),
  ]),
)

// What is left to the library's own reading: old timestamps, and the names of maps.
const parsers = { timestampFromNanoseconds: (nanos: bigint) => nanos }

/**
 * Reads a file's rows a slice of a row group at a time, as writers put a million rows into one: of each column the pages that
 * hold them, one column after the other.
 * @throws FileError where what is stored cannot be read, or is not all there.
 */
export async function* readSlices(options: ReadSlicesOptions): AsyncGenerator<ParquetSlice> {
  const { file, metadata, columns, rowStart: from, sliceValues = SLICE_VALUES } = options
  let groupStart = 0
  for (const [index, group] of metadata.row_groups.entries()) {
    const groupEnd = groupStart + Number(group.num_rows)
    const firstRow = Math.max(groupStart, from)
    if (firstRow < groupEnd) {
      const sliceRows = rowsOfSlice(group, sliceValues)
      const pages = firstRow + sliceRows < groupEnd ? await locateAll(file, metadata, group) : NO_PAGES
      const readColumn = await openGroup(file, metadata, index, pages)
      let rowEnd = firstRow
      for (let rowStart = firstRow; rowStart < groupEnd; rowStart = rowEnd) {
        rowEnd = groupStart + endOfSlice(rowStart - groupStart, sliceRows, groupEnd - groupStart, pages)
        const values: ArrayLike<unknown>[] = []
        for (const column of columns) values.push(await readColumn(column, rowStart, rowEnd))
        yield { rowStart, rows: rowEnd - rowStart, values }
      }
    }
    groupStart = groupEnd
  }
}

/** Of several values a row, as a list's, a slice has fewer rows. */
function rowsOfSlice({ num_rows, columns }: RowGroup, sliceValues: number): number {
  const rows = Number(num_rows)
  const sumOf = (part: 'num_values' | 'total_uncompressed_size') =>
    columns.reduce((sum, { meta_data }) => sum + Number(meta_data?.[part] ?? 0), 0)
  const slices = Math.max(sumOf('num_values') / sliceValues, sumOf('total_uncompressed_size') / SLICE_BYTES, 1)
  return Math.max(1, Math.floor(rows / slices))
}

/**
 * Where a slice ends that begins with a row of the group: after so many rows, but with the page where that holds the rows of many
 * slices, as one does that stands for all that hold one row between each two of them.
 */
function endOfSlice(start: number, sliceRows: number, groupRows: number, { ofLists }: GroupPages): number {
  let end = start + sliceRows
  for (const pages of ofLists) {
    const next = pages.findIndex(({ first_row_index }) => Number(first_row_index) > start)
    const pageStart = Number(pages.at(next === -1 ? -1 : next - 1)?.first_row_index ?? 0)
    const pageEnd = next === -1 ? groupRows : Number(pages[next]?.first_row_index)
    if (pageEnd - pageStart > MAX_READINGS * sliceRows) end = Math.max(end, pageEnd)
  }
  return Math.min(end, groupRows)
}

/** None where two columns have one path, a name with a dot in it that of a struct's member: to the library they would be one. */
async function locateAll(file: AsyncBuffer, metadata: FileMetaData, group: RowGroup): Promise<GroupPages> {
  const schema = parquetSchema(metadata)
  const located: GroupPages['located'] = Object.create(null)
  const ofLists: PageLocation[][] = []
  const paths = group.columns.map(({ meta_data }) => meta_data?.path_in_schema.join('.'))
  if (new Set(paths).size < paths.length) return NO_PAGES
  const leaves = group.columns
    .map(({ meta_data }) => meta_data)
    .filter((column): column is ColumnMetaData => column !== undefined)
  for (const column of leaves) {
    const path = column.path_in_schema.join('.')
    const maxLevel = getMaxRepetitionLevel(getTreePath(schema, column.path_in_schema))
    const about = { rows: Number(group.num_rows), maxLevel, compressors }
    const pages = await explained(`the column ${path} cannot be read`, () => locatePages(file, column, about))
    located[path] = pages
    if (maxLevel > 0) ofLists.push(pages)
  }
  return { located, ofLists }
}

/** Makes what reads rows of one column of a row group. The library takes locations of pages, though its types do not say so. */
async function openGroup(file: AsyncBuffer, metadata: FileMetaData, index: number, { located }: GroupPages) {
  const flat = new Set(
    parquetSchema(metadata)
      .children.filter(isFlat)
      .map(({ element }) => element.name),
  )
  const pageLocationsByGroup = metadata.row_groups.map((_, group) => (group === index ? located : {}))
  const scan = await parquetScan({ file, metadata, compressors, parsers, utf8: false, ...{ pageLocationsByGroup } })

  return function readColumn(column: string, rowStart: number, rowEnd: number): Promise<ArrayLike<unknown>> {
    return explained(`the rows from ${rowStart + 1} to ${rowEnd} cannot be read: the column ${column}`, async () => {
      const values = await scan.readColumn({ column, rowStart, rowEnd })
      if (values.length !== rowEnd - rowStart) throw new Error(`there are ${values.length} of them`)
      // Null is null; undefined is a value that its page refers to and the dictionary has not.
      if (flat.has(column) && Array.isArray(values) && values.includes(undefined)) throw new Error('some of them are not there')
      return values
    })
  }
}

function isFlat({ element, children }: SchemaTree): boolean {
  return children.length === 0 && element.repetition_type !== 'REPEATED'
}

async function explained<Result>(what: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read()
  } catch (error) {
    throw new FileError(`${what}: ${error instanceof Error ? error.message : error}`)
  }
}
