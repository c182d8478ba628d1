import { HttpReplyError } from './failures.ts'

/** What comes before a reply's body. */
export type ReplyHead = {
  statusCode: number
  /** By their names in lower case; of one that came several times, the values joined by commas. */
  headers: Record<string, string>
  /** Another reply follows, to the same request. */
  isInterim: boolean
  /** Bytes of the body; undefined where the head does not tell. */
  length: number | undefined
  isChunked: boolean
  /** Whether another request may follow on the connection. */
  keepsAlive: boolean
}

// Some leave out the space behind the status with the reason.
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?:[ \r]|$)/
// Each header a token, a colon and a value (RFC 9112, section 5); no folded lines, and no line ends by halves.
const LINES = /^[^\0\r\n]*(?:\r\n[!#$%&'*+.^_`|~\w-]+:[^\0\r\n]*)*$/
const LENGTH = /^\d{1,15}$/
const CLOSE = /(?:^|,)\s*close\s*(?:,|$)/i
const KEEP_ALIVE = /(?:^|,)\s*keep-alive\s*(?:,|$)/i
const LINE_END = '\r\n'

// Of one store; whatever else one sends is not kept.
const MAX_NAMES = 100
const names = new Map<string, string>()

/**
 * Reads a reply's head (RFC 9112, sections 2 to 6), without the empty line behind it.
 * @throws HttpReplyError when it is none, or leaves in doubt where its body ends.
 */
export function parseHead(text: string): ReplyHead {
  const [, minor, status] = STATUS_LINE.exec(text) ?? []
  if (status === undefined) throw new HttpReplyError('it is no HTTP/1')
  if (!LINES.test(text)) throw new HttpReplyError('a line of its head is no header')
  const statusCode = Number(status)
  const headers = parseHeaders(text)
  const { length, isChunked } = framingOf(statusCode, headers)
  const connection = headers.connection
  const isKept = connection === undefined ? minor === '1' : keepsOpen(connection, minor === '1')
  return {
    statusCode,
    headers,
    isInterim: statusCode < 200,
    length,
    isChunked,
    // What has no other end ends with its connection; so do chunks of HTTP/1.0, which has none (RFC 9112, section 6.1).
    keepsAlive: isKept && (isChunked ? minor === '1' : length !== undefined),
  }
}

function parseHeaders(text: string): Record<string, string> {
  const headers: Record<string, string> = {}
  let lineEnd = text.indexOf(LINE_END)
  while (lineEnd !== -1) {
    const at = lineEnd + LINE_END.length
    lineEnd = text.indexOf(LINE_END, at)
    const colon = text.indexOf(':', at)
    const end = lineEnd === -1 ? text.length : lineEnd
    const name = lowerCase(text.slice(at, colon))
    const value = text.slice(colon + 1, end).trim()
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]}, ${value}` : value
  }
  return headers
}

/** A header's name in lower case: one object for all of one name, as those of a text would each be looked up anew. */
function lowerCase(name: string): string {
  const known = names.get(name)
  if (known !== undefined) return known
  const made = name.toLowerCase()
  if (names.size < MAX_NAMES) names.set(name, made)
  return made
}

/** Where the body ends. A head that says so twice may mean two things. */
function framingOf(statusCode: number, headers: Record<string, string>): Pick<ReplyHead, 'length' | 'isChunked'> {
  const { 'content-length': length, 'transfer-encoding': coding } = headers
  if (statusCode === 204 || statusCode === 304) return { length: 0, isChunked: false }
  if (coding !== undefined) {
    if (length !== undefined || coding.toLowerCase() !== 'chunked') throw new HttpReplyError('its length is in doubt')
    return { length: undefined, isChunked: true }
  }
  if (length !== undefined && !LENGTH.test(length)) throw new HttpReplyError('its length is no number')
  return { length: length === undefined ? undefined : Number(length), isChunked: false }
}

/** RFC 9112, section 9.3: HTTP/1.1 keeps its connections open, 1.0 those of which it says so. */
function keepsOpen(connection: string, isDefault: boolean): boolean {
  return !CLOSE.test(connection) && (isDefault || KEEP_ALIVE.test(connection))
}
