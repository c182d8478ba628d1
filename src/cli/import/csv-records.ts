import { CsvError } from 'csv-parse'
import { parse } from 'csv-parse/sync'
import { faultOf, type Line, textOf } from './lines.ts'

/** A record of a CSV file: its cells, or what is wrong with it; its first and last line, and the offset behind it. */
export type CsvRecord = { firstLine: number; line: number; end: number; text: string | undefined } & (
  | { cells: string[] }
  | { fault: string }
)

const QUOTE = '"'
const NEWLINE = '\n'
const MISPLACED_QUOTE = 'is not CSV: a quotation mark is out of place'
// More than any item has.
const MAX_RECORD_CHARACTERS = 1024 * 1024

/**
 * Cuts lines into records, those of a batch of lines at a time. A record goes on while a quoted cell is open. Where that leads
 * to no record, its first line alone is refused, so that one stray quote does not take the rows behind it along.
 */
export async function* readRecords(batches: AsyncIterable<readonly Line[]>, delimiter: string): AsyncGenerator<CsvRecord[]> {
  let open: readonly Line[] = []
  for await (const lines of batches) {
    const { records, rest } = cut([...open, ...lines], delimiter, false)
    open = rest
    yield records
  }
  yield cut(open, delimiter, true).records
}

/** @param isEnd whether nothing more comes. */
function cut(lines: readonly Line[], delimiter: string, isEnd: boolean): { records: CsvRecord[]; rest: readonly Line[] } {
  const records: CsvRecord[] = []
  let at = 0
  while (at < lines.length) {
    const found = recordAt(lines, at, delimiter, isEnd)
    if (found === undefined) break
    if (found.record) records.push(found.record)
    at += found.lines
  }
  return { records, rest: lines.slice(at) }
}

/** The record that begins with a line, and how many lines it takes; none where the line is empty; undefined: its end has not come. */
function recordAt(
  lines: readonly Line[],
  at: number,
  delimiter: string,
  isEnd: boolean,
): { record?: CsvRecord; lines: number } | undefined {
  const first = lines[at] as Line
  const firstText = textOf(first)
  if (firstText === undefined) return { record: { ...placeOf(first, first), text: undefined, fault: faultOf(first) }, lines: 1 }
  if (withoutReturn(firstText) === '') return { lines: 1 }

  let text = firstText
  let quotes = countQuotes(text)
  let count = 1
  while (quotes % 2 === 1) {
    const next = lines[at + count]
    if (next === undefined && !isEnd) return undefined
    const nextText = next && textOf(next)
    if (nextText === undefined || text.length + nextText.length > MAX_RECORD_CHARACTERS) {
      return { record: { ...placeOf(first, first), text: firstText, fault: 'has a quoted cell without an end' }, lines: 1 }
    }
    text += NEWLINE + nextText
    quotes += countQuotes(nextText)
    count += 1
  }
  const cells = parseCells(withoutReturn(text), delimiter)
  if (typeof cells === 'string') return { record: { ...placeOf(first, first), text: firstText, fault: cells }, lines: 1 }
  return { record: { ...placeOf(first, lines[at + count - 1] as Line), text, cells }, lines: count }
}

function placeOf({ line: firstLine }: Line, { line, end }: Line) {
  return { firstLine, line, end }
}

/** A record's cells, or what is wrong with it. Only newlines end a record: a lone carriage return is a character. */
function parseCells(text: string, delimiter: string): string[] | string {
  if (!text.includes(QUOTE)) return text.split(delimiter)
  try {
    const [cells, ...others] = parse(text, { delimiter, record_delimiter: NEWLINE, relax_column_count: true }) as string[][]
    return cells && others.length === 0 ? cells : MISPLACED_QUOTE
  } catch (error) {
    if (error instanceof CsvError) return MISPLACED_QUOTE
    throw error
  }
}

/** Lines may end in a carriage return and a newline. */
function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text
}

function countQuotes(text: string): number {
  let count = 0
  for (let at = text.indexOf(QUOTE); at !== -1; at = text.indexOf(QUOTE, at + 1)) count += 1
  return count
}
