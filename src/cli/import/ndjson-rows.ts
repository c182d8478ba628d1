import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { parseJsonText } from '../../json/parse-json.ts'
import { type Position, type ReadRow, RowError, type RowSource } from './import-row.ts'
import { faultOf, type Line, readLines, textOf } from './lines.ts'
import type { RowReader } from './row-reader.ts'

const CHUNK_BYTES = 256 * 1024
// `npm run export > FILE` puts what npm says of it before the first row.
const NPM_BANNER = /^> /
// V8 counts lines within the text, which is one.
const LINE_OF_ITS_OWN = / \(line 1 column \d+\)$/

/** Rows of NDJSON: one JSON object a line. Empty lines are passed over. */
export async function openNdjson(path: string, reader: RowReader): Promise<RowSource> {
  const { size } = await stat(path)

  async function* read(from: Position): AsyncGenerator<readonly ReadRow[]> {
    let hasBegun = from.offset > 0
    const chunks = createReadStream(path, { start: from.offset, highWaterMark: CHUNK_BYTES })
    for await (const lines of readLines(chunks, from)) {
      const rows: ReadRow[] = []
      for (const line of lines) {
        const text = textOf(line)
        if (text?.trim() === '' || (!hasBegun && text !== undefined && NPM_BANNER.test(text))) continue
        hasBegun = true
        rows.push(readRow(line, text, reader))
      }
      yield rows
    }
  }
  return { size, read }
}

function readRow(read: Line, text: string | undefined, reader: RowReader): ReadRow {
  const { line, end } = read
  if (text === undefined) return { line, end, fault: faultOf(read), text }
  try {
    return { line, end, row: reader.fromJson(parseJsonText(text)) }
  } catch (error) {
    if (error instanceof RowError) return { line, end, fault: error.message, text }
    if (error instanceof SyntaxError)
      return { line, end, fault: `is not JSON: ${error.message.replace(LINE_OF_ITS_OWN, '')}`, text }
    throw error
  }
}
