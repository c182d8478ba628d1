export type HttpReply = { status: number; headers: ReadonlyMap<string, string>; body: string }

/** Replies as they came, and what is wrong with the bytes behind the last whole one, if anything is. */
export type ReadReplies = { replies: HttpReply[]; fault?: string }

const HEAD_END = '\r\n\r\n'
const STATUS_LINE = /^HTTP\/1\.1 ([1-5]\d\d) [\x20-\x7e]*$/
const FIELD_LINE = /^([!#$%&'*+.^_`|~\w-]+): ([\t\x20-\x7e\x80-\xff]*)$/
const SINGLE_FIELDS = ['content-length', 'content-type', 'transfer-encoding', 'connection', 'x-request-id', 'date']

class Fault extends Error {}

/**
 * Reads a connection's bytes (as latin1) as replies of HTTP/1.1, by the letter of RFC 9112. `afterHead`: a request of method
 * HEAD may be among those that were answered, so that a reply may have a length and no body.
 */
export function readReplies(received: string, { afterHead = false } = {}): ReadReplies {
  const replies: HttpReply[] = []
  let rest = received
  try {
    while (rest !== '') {
      const { reply, length } = readReply(rest, afterHead)
      replies.push(reply)
      rest = rest.slice(length)
    }
    return { replies }
  } catch (error) {
    if (error instanceof Fault) return { replies, fault: `${error.message}: ${JSON.stringify(rest.slice(0, 300))}` }
    throw error
  }
}

/** Whether a connection's bytes end inside a reply, and not in something that is none. */
export function isCutOff({ fault }: ReadReplies): boolean {
  return fault?.startsWith('cut off') ?? false
}

function readReply(text: string, afterHead: boolean): { reply: HttpReply; length: number } {
  const headEnd = text.indexOf(HEAD_END)
  if (headEnd === -1) throw new Fault('HTTP/1.1 '.startsWith(text.slice(0, 9)) ? 'cut off in a head' : 'no reply')
  const [statusLine = '', ...lines] = text.slice(0, headEnd).split('\r\n')
  const status = Number(STATUS_LINE.exec(statusLine)?.[1] ?? Number.NaN)
  if (Number.isNaN(status)) throw new Fault('no status line')
  const headers = readFields(lines)
  const bodyAt = headEnd + HEAD_END.length
  if (status < 200 || status === 204 || status === 304) return { reply: { status, headers, body: '' }, length: bodyAt }
  const { body, length } = readBody(text.slice(bodyAt), headers, afterHead)
  return { reply: { status, headers, body }, length: bodyAt + length }
}

function readFields(lines: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>()
  for (const line of lines) {
    const [, name = '', value = ''] = FIELD_LINE.exec(line) ?? []
    const key = name.toLowerCase()
    if (key === '') throw new Fault(`no header line ${JSON.stringify(line)}`)
    if (SINGLE_FIELDS.includes(key) && headers.has(key)) throw new Fault(`${key} twice`)
    headers.set(key, value)
  }
  return headers
}

function readBody(text: string, headers: ReadonlyMap<string, string>, afterHead: boolean) {
  if (afterHead && (text === '' || text.startsWith('HTTP/1.1 '))) return { body: '', length: 0 }
  const contentLength = headers.get('content-length')
  if (headers.has('transfer-encoding')) {
    if (contentLength !== undefined) throw new Fault('content-length and transfer-encoding')
    return readChunks(text)
  }
  if (!/^\d+$/.test(contentLength ?? '')) throw new Fault('no content-length')
  const length = Number(contentLength)
  if (text.length < length) throw new Fault('cut off in a body')
  return { body: text.slice(0, length), length }
}

function readChunks(text: string) {
  const chunks: string[] = []
  for (let at = 0; ; ) {
    const sizeEnd = text.indexOf('\r\n', at)
    if (sizeEnd === -1) throw new Fault('cut off in chunks')
    const sizeText = text.slice(at, sizeEnd)
    if (!/^[0-9a-f]+$/i.test(sizeText)) throw new Fault('no chunk size')
    const size = Number.parseInt(sizeText, 16)
    const end = sizeEnd + 2 + size
    if (text.length < end + 2) throw new Fault('cut off in chunks')
    if (text.slice(end, end + 2) !== '\r\n') throw new Fault('chunk of another size')
    if (size === 0) return { body: chunks.join(''), length: end + 2 }
    chunks.push(text.slice(sizeEnd + 2, end))
    at = end + 2
  }
}
