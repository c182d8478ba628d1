import { expect, test } from 'vitest'
import { createFedReader, readAll } from '../support/fed-reader.ts'

const OK = 'HTTP/1.1 200 OK\r\n'
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`

test.for([
  ['of a known length', `${OK}content-length: 5\r\n\r\n\r\n\r\nx`, '\r\n\r\nx', true],
  ['of no bytes', `${OK}content-length: 0\r\n\r\n`, '', true],
  ['in chunks', `${CHUNKED}5\r\n0\r\n\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n`, '0\r\n\r\n0123456789', true],
  ['in chunks with extensions', `${CHUNKED}2;a=b\r\nab\r\n001 ; c="d"\r\nc\r\n0;e\r\n\r\n`, 'abc', true],
  ['in chunks with trailers', `${CHUNKED}1\r\na\r\n0\r\nx-a: b\r\nx-b: c\r\n\r\n`, 'a', true],
  ['in chunks, named in capitals', `${OK}Transfer-Encoding: Chunked\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n`, '0123456789', true],
  ['until the end of the connection', `${OK}x: y\r\n\r\nabc\r\n\r\n`, 'abc\r\n\r\n', false],
] as const)('a body %s is read to its end, in pieces of any length', ([, sent, body, keepsAlive]) => {
  const read = [sent.length, 1, 2, 3, 40].map((length) => readAll(sent, [length]))

  for (const replies of read) expect(replies).toMatchObject([{ statusCode: 200, body, keepsAlive }])
})

test.for([
  ['204', 'HTTP/1.1 204 No Content\r\n\r\n'],
  ['204 that names a length all the same', 'HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\n'],
  ['304', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n'],
] as const)('a %s ends with its head', ([, sent]) => {
  const replies = readAll(sent, [7])

  expect(replies).toMatchObject([{ body: '', keepsAlive: true }])
})

test('interim replies come before the reply, and are none', () => {
  const sent = `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\ncontent-length: 3\r\n\r\n${OK}content-length: 1\r\n\r\na`

  const read = [sent.length, 1, 5].map((length) => readAll(sent, [length]))

  for (const replies of read) expect(replies).toMatchObject([{ statusCode: 200, body: 'a', keepsAlive: true }])
})

test('a reply’s bytes are its own: the memory that they came in is used again for the next', () => {
  const { feed, replies } = createFedReader()

  feed(`${OK}x: first\r\ncontent-length: 4\r\n\r\nabcd`)
  feed(`${OK}x: second\r\ncontent-length: 4\r\n\r\nefgh`, [9])
  feed(`${CHUNKED}4\r\nijkl\r\n0\r\n\r\n`)

  expect(replies().map(({ headers, body }) => [headers.x, body])).toEqual([
    ['first', 'abcd'],
    ['second', 'efgh'],
    [undefined, 'ijkl'],
  ])
})

test('bytes behind a reply end its connection, and are read as nothing', () => {
  const reply = `${OK}content-length: 1\r\n\r\na`

  const [whole, behind] = [readAll(reply), readAll(`${reply}\n`)]

  expect(whole).toMatchObject([{ body: 'a', keepsAlive: true }])
  expect(behind).toMatchObject([{ body: 'a', keepsAlive: false }])
})

test('a reply has begun from the end of its head to its own end', () => {
  const { feed, hasBegun } = createFedReader()
  const begun = [hasBegun()]

  for (const piece of [OK, 'content-length: 2\r\n\r\n', 'a', 'b']) {
    feed(piece)
    begun.push(hasBegun())
  }

  expect(begun).toEqual([false, false, true, true, false])
})
