import type { Exchange } from './connection.ts'
import { HttpRequestError } from './failures.ts'

/** A request of which the body's length is known. */
export type RequestParts = {
  method: string
  hostname: string
  /** Left out: the protocol's own. */
  port?: number | undefined
  /** With its query. */
  path: string
  /** By their names in lower case. */
  headers: Readonly<Record<string, string>>
  /** Left out: none. */
  body?: string | Uint8Array | undefined
}

const NO_VALUE = /[^\t\x20-\x7e]/
const NO_PATH = /[^\x21-\x7e]/

/**
 * A request as it stands on the wire (RFC 9112, section 3), head and body in one piece.
 * @throws HttpRequestError when a header or the path would make another request of it.
 */
export function requestBytes({ method, hostname, port, path, headers, body = '' }: RequestParts): Exchange['request'] {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length
  let head = `${method} ${requireFree(NO_PATH, path, 'path')} HTTP/1.1\r\n`
  if (headers.host === undefined) head += `host: ${requireFree(NO_PATH, authority(hostname, port), 'host')}\r\n`
  for (const name in headers) {
    if (name === 'content-length') continue
    // Apart: put together first, each line would be copied for its check.
    head += `${requireFree(NO_VALUE, name, name)}: ${requireFree(NO_VALUE, headers[name] ?? '', name)}\r\n`
  }
  head += `content-length: ${length}\r\n\r\n`
  if (typeof body !== 'string') return { bytes: Buffer.concat([Buffer.from(head), body]), encoding: 'latin1' }
  // ASCII needs no encoding.
  return { bytes: head + body, encoding: length === body.length ? 'latin1' : 'utf8' }
}

/** RFC 9112, section 3.2: as in the URL, so with the port where that is not the protocol's own. */
function authority(hostname: string, port: number | undefined): string {
  return port === undefined ? hostname : `${hostname}:${port}`
}

function requireFree(of: RegExp, text: string, part: string): string {
  if (of.test(text)) throw new HttpRequestError(part)
  return text
}
