import { expect, test } from 'vitest'
import { createFedReader, readAll } from '../support/fed-reader.ts'

const OK = 'HTTP/1.1 200 OK\r\n'
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`
const MAX_HEAD_BYTES = 16 * 1024

/** A reply whose head has so many bytes, the empty line behind it not counted. */
function replyWithHeadOf(bytes: number): string {
  const start = `${OK}content-length: 1\r\nx: `
  return `${start}${'y'.repeat(bytes - start.length)}\r\n\r\na`
}

test('a head may have 16 KB and no more, in one piece or many', () => {
  const [largest, tooLarge] = [replyWithHeadOf(MAX_HEAD_BYTES), replyWithHeadOf(MAX_HEAD_BYTES + 1)]

  expect(readAll(largest)).toMatchObject([{ body: 'a' }])
  expect(readAll(largest, [1000])).toMatchObject([{ body: 'a' }])
  expect(() => readAll(tooLarge)).toThrow('its head is too long')
  expect(() => readAll(tooLarge, [1000])).toThrow('its head is too long')
})

test('a head without an end is given up at its limit', () => {
  const endless = `${OK}x: ${'y'.repeat(MAX_HEAD_BYTES)}`

  expect(() => readAll(endless, [1000])).toThrow('its head is too long')
})

test.for([
  ['another protocol', 'SSH-2.0'],
  ['the beginning of TLS', '\x15\x03\x01'],
  ['an empty line first', '\r\nHTTP/1.1 200 OK'],
] as const)('%s is known for what it is by its first bytes, not by a limit of time', ([, sent]) => {
  expect(() => readAll(sent)).toThrow(expect.objectContaining({ name: 'HTTPParserError' }))
})

test.for([
  ['a chunk without a length', '\r\n'],
  ['a chunk’s length that is no number', 'x\r\n'],
  ['a chunk’s length below zero', '-1\r\n'],
  ['a chunk’s length with a sign', '+1\r\na\r\n'],
  ['a chunk’s length with a prefix', '0x1\r\na\r\n'],
  ['a chunk’s length of 36 bits', '100000000\r\n'],
  ['a chunk’s length before half a line end', '1\na\r\n'],
  ['two lengths of one chunk', '1 1\r\na\r\n'],
  ['a chunk longer than it said', '1\r\nab\r\n'],
  ['a chunk shorter than it said', '3\r\nab\r\n0\r\n\r\n'],
  ['a chunk with half a line end behind it', '1\r\na\n0\r\n\r\n'],
  ['a length’s line of 5000 bytes', `1;${'x'.repeat(5000)}`],
  ['bytes without an end behind a chunk', `1\r\na${'b'.repeat(5000)}`],
  ['a trailer of 5000 bytes', `0\r\nx: ${'y'.repeat(5000)}`],
  ['trailers without an end', `0\r\n${'x: y\r\n'.repeat(101)}`],
] as const)('%s is refused, in one piece or many', ([, sent]) => {
  for (const lengths of [[CHUNKED.length + sent.length], [1], [1000]]) {
    expect(() => readAll(CHUNKED + sent, lengths)).toThrow(expect.objectContaining({ name: 'HTTPParserError' }))
  }
})

test('as many as a hundred trailers are read over', () => {
  const replies = readAll(`${CHUNKED}0\r\n${'x: y\r\n'.repeat(100)}\r\n`, [50])

  expect(replies).toMatchObject([{ headers: { 'transfer-encoding': 'chunked' }, body: '', keepsAlive: true }])
})

test.for([
  ['of a known length, before its first byte', [`${OK}content-length: 11\r\n\r\n`]],
  ['in chunks, before the first byte of the chunk that is too much', [`${CHUNKED}a\r\n`, '0123456789\r\n', '1\r\n']],
  ['until the connection’s end, with the piece that is too much', [`${OK}\r\n`, '0123456789', 'a']],
] as const)('a body %s, ends where it is larger than wished for', ([, pieces]) => {
  const tooLarge = new Error('too large')
  const { feed } = createFedReader((bytes) => {
    if (bytes > 10) throw tooLarge
  })
  const last = pieces.length - 1

  for (const piece of pieces.slice(0, last)) feed(piece)

  expect(() => feed(pieces[last] ?? '')).toThrow(tooLarge)
})
