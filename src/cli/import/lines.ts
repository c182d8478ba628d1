import { decodeUtf8Part } from '../../json/parse-json.ts'

/** A line of a file: its bytes without the newline, undefined where it is too long to be read; its number from 1; the offset behind it. */
export type Line = { bytes: Buffer | undefined; line: number; end: number }

const NEWLINE = 0x0a
const BYTE_ORDER_MARK = '\uFEFF'
const MAX_LINE_BYTES = 8 * 1024 * 1024

/**
 * Cuts a stream of bytes into lines, those of one chunk at a time, from a position on.
 * @param chunks what stands behind the position.
 */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  from: { offset: number; line: number },
): AsyncGenerator<readonly Line[]> {
  let { offset: end, line } = from
  let open = openLine()

  for await (const chunk of chunks) {
    const lines: Line[] = []
    let start = 0
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
      open.add(chunk.subarray(start, at))
      end += open.length + 1
      line += 1
      lines.push({ bytes: open.bytes(), line, end })
      open = openLine()
      start = at + 1
    }
    open.add(chunk.subarray(start))
    if (lines.length > 0) yield lines
  }
  if (open.length > 0) yield [{ bytes: open.bytes(), line: line + 1, end: end + open.length }]
}

/** A line's text, the first one's without a byte order mark; undefined where it has none. */
export function textOf({ bytes, line }: Line): string | undefined {
  if (bytes === undefined) return undefined
  try {
    const text = decodeUtf8Part(bytes)
    return line === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
  } catch {
    return undefined
  }
}

/** Why a line has no text. */
export function faultOf({ bytes }: Line): string {
  return bytes === undefined ? `is longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB` : 'is not UTF-8'
}

/** A line whose end has not come. What is too long is counted and not kept. */
function openLine() {
  let parts: Buffer[] = []
  let length = 0
  return {
    get length() {
      return length
    },
    add(part: Buffer): void {
      length += part.length
      if (length > MAX_LINE_BYTES) parts = []
      else if (part.length > 0) parts.push(part)
    },
    bytes(): Buffer | undefined {
      if (length > MAX_LINE_BYTES) return undefined
      const [only = Buffer.alloc(0)] = parts
      return parts.length > 1 ? Buffer.concat(parts) : only
    },
  }
}
