import fc from 'fast-check'
import type { ShownReply } from './fed-reader.ts'

/** A reply as it stands on the wire (as latin1), and what is to be read of it. */
export type WireReply = { sent: string; expected: ShownReply }

const CHUNKED = { 'transfer-encoding': 'chunked' }

const body = fc.string({ unit: fc.nat(255).map((byte) => String.fromCharCode(byte)), maxLength: 300 })
const statusCode = fc.constantFrom(200, 200, 400, 500, 599)
const ownHeaders = fc.dictionary(
  fc.constantFrom('date', 'x-amz-crc32', 'X-Amzn-RequestId', 'constructor', 'x!#$%&*+.^_`|~'),
  fc.constantFrom('', '1', 'a: b', '"\\"', '\x80\xff'),
)
const interim = fc.constantFrom('', 'HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 103 Early Hints\r\nlink: a\r\nlink: b\r\n\r\n')
const extension = fc.constantFrom('', ' ', ';a', ' ;a="b;c"')
const trailers = fc.constantFrom('', 'x-a: b\r\n', 'content-length: 1\r\nx-b:\r\n')

/** A body in chunks: of these lengths in turn, with an extension each. */
const chunks = fc.record({
  lengths: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 }),
  extensions: fc.array(extension, { minLength: 1, maxLength: 3 }),
  trailers,
})

function inChunks(
  text: string,
  { lengths, extensions, trailers }: typeof chunks extends fc.Arbitrary<infer T> ? T : never,
): string {
  let sent = ''
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const chunk = text.slice(at, at + (lengths[turn % lengths.length] ?? 1))
    sent += `${chunk.length.toString(16)}${extensions[turn % extensions.length]}\r\n${chunk}\r\n`
    at += chunk.length
  }
  return `${sent}0\r\n${trailers}\r\n`
}

const framing = fc.oneof(
  body.map((text) => ({ statusCode: undefined, headers: { 'content-length': String(text.length) }, text, sent: text })),
  fc.tuple(body, chunks).map(([text, how]) => ({ statusCode: undefined, headers: CHUNKED, text, sent: inChunks(text, how) })),
  fc.constant({ statusCode: 204, headers: {}, text: '', sent: '' }),
)

function headOf(status: number, headers: Record<string, string>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} Some Reason\r\n${lines.join('')}\r\n`
}

function namedInLowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

/** A reply of which the end is known. */
export const replies: fc.Arbitrary<WireReply> = fc
  .record({ interim, statusCode, ownHeaders, framing })
  .map(({ interim, statusCode, ownHeaders, framing }) => {
    const status = framing.statusCode ?? statusCode
    const headers = { ...ownHeaders, ...framing.headers }
    return {
      sent: interim + headOf(status, headers) + framing.sent,
      expected: { statusCode: status, headers: namedInLowerCase(headers), keepsAlive: true, body: framing.text },
    }
  })

/** A reply that ends with its connection. */
export const lastReplies: fc.Arbitrary<WireReply> = fc.record({ statusCode, ownHeaders, body }).map((known) => ({
  sent: headOf(known.statusCode, known.ownHeaders) + known.body,
  expected: {
    statusCode: known.statusCode,
    headers: namedInLowerCase(known.ownHeaders),
    keepsAlive: false,
    body: known.body,
  },
}))
