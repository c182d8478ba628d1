import type { AsyncBuffer, ColumnMetaData, Compressors, PageHeader } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { decompressPage } from 'hyparquet/src/datapage.js'
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js'

/** Where a page is, or several that hold one row between them: its first byte, its bytes with the header, its first row in the group. */
export type PageLocation = { offset: bigint; compressed_page_size: number; first_row_index: bigint }

/** A page's header, where its content begins, and where it ends. */
type Page = { header: PageHeader; contentAt: number; end: number }

// Headers are of some tens of bytes, and more where they hold long texts as their page's smallest and largest value.
const HEADER_BYTES = 4096
const MAX_HEADER_BYTES = 16 * 1024 * 1024

/**
 * Finds the data pages of a column of a row group, and the row with which each begins, which few writers tell.
 * @param about `rows` of the group; `maxLevel`: how many lists a value is in, at most.
 * Source: apache/parquet-format, README.md, "Data Pages", "Nested Encoding".
 * @throws Error where there is something else than pages, or they hold another number of rows than the group.
 */
export async function locatePages(
  file: AsyncBuffer,
  column: ColumnMetaData,
  about: { rows: number; maxLevel: number; compressors: Compressors },
): Promise<PageLocation[]> {
  const { rows, maxLevel } = about
  const start = Number(column.dictionary_page_offset || column.data_page_offset)
  const end = start + Number(column.total_compressed_size)
  const locations: PageLocation[] = []
  let row = 0
  // Behind the page that begins the last row there may be others with the rest of it.
  for (let at = start; at < end && (maxLevel > 0 || row < rows); ) {
    const page = await readHeader(file, at, end)
    if (page.header.type !== 'DICTIONARY_PAGE') {
      const begun = await countRows(file, column, page, about)
      const last = locations.at(-1)
      // The rest of a row that an earlier page began belongs to that page.
      if (begun.isWithinRow && last) last.compressed_page_size = page.end - Number(last.offset)
      else locations.push({ offset: BigInt(at), compressed_page_size: page.end - at, first_row_index: BigInt(row) })
      row += begun.rows
    }
    at = page.end
  }
  if (row !== rows) throw new Error(`its pages hold ${row} rows, where there are ${rows}`)
  return locations
}

async function readHeader(file: AsyncBuffer, at: number, end: number): Promise<Page> {
  for (let bytes = HEADER_BYTES; ; bytes *= 8) {
    const view = new DataView(await file.slice(at, Math.min(at + bytes, end)))
    const reader = { view, offset: 0 }
    try {
      const header = parquetHeader(reader)
      const contentAt = at + reader.offset
      return { header, contentAt, end: contentAt + header.compressed_page_size }
    } catch (error) {
      if (!(error instanceof RangeError) || at + bytes >= end || bytes > MAX_HEADER_BYTES) throw error
    }
  }
}

/** How many rows a data page begins, and whether it begins within one. */
async function countRows(
  file: AsyncBuffer,
  { codec }: ColumnMetaData,
  { header, contentAt, end }: Page,
  { maxLevel, compressors }: { maxLevel: number; compressors: Compressors },
): Promise<{ rows: number; isWithinRow: boolean }> {
  // Of the second version, which begins with a row.
  if (header.data_page_header_v2) return { rows: header.data_page_header_v2.num_rows, isWithinRow: false }
  if (!header.data_page_header) throw new Error(`it has a page of type ${header.type}`)
  const values = header.data_page_header.num_values
  if (maxLevel === 0) return { rows: values, isWithinRow: false }

  const stored = new Uint8Array(await file.slice(contentAt, end))
  const { buffer, byteOffset, byteLength } = decompressPage(stored, header.uncompressed_page_size, codec, compressors)
  const levels = new Uint8Array(values)
  const bitWidth = 32 - Math.clz32(maxLevel)
  readRleBitPackedHybrid({ view: new DataView(buffer, byteOffset, byteLength), offset: 0 }, bitWidth, levels)
  // A value of level 0 is the first of a row.
  return { rows: levels.reduce((count, level) => (level === 0 ? count + 1 : count), 0), isWithinRow: levels[0] !== 0 }
}
