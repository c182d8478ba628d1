import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { exactNumber } from '../../json/exact-number.ts'
import { FileError } from '../bulk/file-error.ts'
import { type Columns, findColumns } from './columns.ts'
import { type CsvRecord, readRecords } from './csv-records.ts'
import { type Position, type ReadRow, RowError, type RowSource, START } from './import-row.ts'
import { readLines } from './lines.ts'
import type { RowReader } from './row-reader.ts'

export type CsvOptions = {
  delimiter: string
  /** The category of rows where no column has one. */
  category: string | undefined
  /** Columns whose cells are texts, whatever they look like. */
  strings: readonly string[]
}

type Header = { cells: string[]; position: Position }

const CHUNK_BYTES = 256 * 1024
// RFC 8259, section 6.
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null }

/**
 * Rows of CSV (RFC 4180) in UTF-8, with a line of the columns' names first.
 * @throws FileError where the columns are not such as rows are made of.
 */
export async function openCsv(path: string, options: CsvOptions, reader: RowReader): Promise<RowSource> {
  const { size } = await stat(path)
  const recordsFrom = (from: Position) =>
    readRecords(readLines(createReadStream(path, { start: from.offset, highWaterMark: CHUNK_BYTES }), from), options.delimiter)
  const header = await readHeader(recordsFrom(START))
  const columns = findColumns(header.cells, options.category)
  const unknown = options.strings.find((name) => !header.cells.includes(name))
  if (unknown !== undefined) throw new FileError(`--strings: there is no column ${JSON.stringify(unknown)}`)
  const texts = new Set(options.strings)

  function readFeatures(cells: readonly string[]): object {
    const features: Record<string, unknown> = Object.create(null)
    for (const { name, index } of columns.features) {
      const cell = cells[index] ?? ''
      if (cell !== '') features[name] = texts.has(name) ? cell : readCell(cell)
    }
    return features
  }

  function readRow(record: CsvRecord): ReadRow {
    const { text } = record
    const place = { firstLine: record.firstLine, line: record.line, end: record.end }
    if ('fault' in record) return { ...place, fault: record.fault, text }
    const { cells } = record
    if (cells.length !== header.cells.length) {
      return { ...place, fault: `has ${cells.length} cells, where there are ${header.cells.length} columns`, text }
    }
    try {
      return { ...place, row: reader.fromColumns(keyOf(cells, columns), readFeatures(cells)) }
    } catch (error) {
      if (error instanceof RowError) return { ...place, fault: error.message, text }
      throw error
    }
  }

  async function* read(from: Position): AsyncGenerator<readonly ReadRow[]> {
    for await (const records of recordsFrom(from.offset === 0 ? header.position : from)) yield records.filter(isRow).map(readRow)
  }
  return { size, read }
}

/** Spreadsheets write lines of empty cells behind the last row; like empty lines they are none. */
function isRow(record: CsvRecord): boolean {
  return 'fault' in record || record.cells.some((cell) => cell !== '')
}

async function readHeader(batches: AsyncIterable<CsvRecord[]>): Promise<Header> {
  for await (const [first] of batches) {
    if (first && 'fault' in first) throw new FileError(`the line of the columns' names ${first.fault}`)
    // Of old Macs, and of some spreadsheets: the whole file would be one line.
    if (first?.cells.some((name) => name.includes('\r')))
      throw new FileError('its lines end in carriage returns alone; they must end in newlines')
    if (first) return { cells: first.cells, position: { offset: first.end, line: first.line } }
  }
  throw new FileError("there is no line of the columns' names: the file is empty")
}

/** A cell's value: JSON's numbers and words are those, all else is text. */
function readCell(cell: string): unknown {
  if (JSON_NUMBER.test(cell)) return exactNumber(cell)
  return Object.hasOwn(WORDS, cell) ? WORDS[cell] : cell
}

function keyOf(cells: readonly string[], { identifier, category }: Columns) {
  return { identifier: cells[identifier], category: category === undefined ? undefined : cells[category] }
}
