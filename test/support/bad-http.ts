import type { ExpectedProblem } from './expect-whole-problem.ts'

/** The start of a write's head, to which a test adds how long the body says it is. */
export const POST_HEAD = 'POST /api/v1/items/victim HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n'
export const BODY = '{"cat":{"f":9}}'
const MALFORMED = { status: 400, code: 'MALFORMED_REQUEST' } as const
const OVERFLOW = { status: 431, code: 'HEADERS_TOO_LARGE' } as const
const LARGE = 'x'.repeat(20_000)

/** What is bad, the bytes, the problem expected, and whether the client ends its side after them. */
export const badHttp: readonly [why: string, bytes: string, expected: ExpectedProblem, cutOff?: boolean][] = [
  ['not HTTP', 'HELLO\r\n\r\n', MALFORMED],
  ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00', MALFORMED],
  ['an HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', MALFORMED],
  ['an unknown method', 'GETT /health/live HTTP/1.1\r\nhost: x\r\n\r\n', MALFORMED],
  ['a byte beyond ASCII in the URL', 'GET /api/v1/get/item/\u00e9/cat HTTP/1.1\r\nhost: x\r\n\r\n', MALFORMED],
  ['a control character in a header', 'GET /health/live HTTP/1.1\r\nhost: x\r\na: \0\r\n\r\n', MALFORMED],
  ['a content-length that is no number', `${POST_HEAD}content-length: ten\r\n\r\n${BODY}`, MALFORMED],
  ['a negative content-length', `${POST_HEAD}content-length: -1\r\n\r\n${BODY}`, MALFORMED],
  ['two content-lengths', `${POST_HEAD}content-length: 15\r\ncontent-length: 16\r\n\r\n${BODY}`, MALFORMED],
  ['content-length and chunks', `${POST_HEAD}content-length: 15\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`, MALFORMED],
  ['a chunk without a size', `${POST_HEAD}transfer-encoding: chunked\r\n\r\nzz\r\n${BODY}\r\n0\r\n\r\n`, MALFORMED],
  ['chunks that do not end', `${POST_HEAD}transfer-encoding: chunked\r\n\r\nf\r\n${BODY}\r\n`, MALFORMED, true],
  ['a body shorter than content-length', `${POST_HEAD}content-length: 50\r\n\r\n${BODY}`, MALFORMED, true],
  ['a URL over 16 KB', `GET /api/v1/get/item/${LARGE}/cat HTTP/1.1\r\nhost: x\r\n\r\n`, OVERFLOW],
  ['a query over 16 KB', `GET /api/v1/get/item/victim/cat?${LARGE} HTTP/1.1\r\nhost: x\r\n\r\n`, OVERFLOW],
  ['headers over 16 KB', `GET /api/v1/get/item/victim/cat HTTP/1.1\r\nhost: x\r\nx-large: ${LARGE}\r\n\r\n`, OVERFLOW],
  ['headers over 16 KB before a body', `${POST_HEAD}x-large: ${LARGE}\r\ncontent-length: 15\r\n\r\n${BODY}`, OVERFLOW],
]
