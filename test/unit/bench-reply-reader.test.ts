import { expect, test } from 'vitest'
import { createReplyReader, type Reply } from '../../bench/support/reply-reader.ts'

/** What is read of replies that come in pieces of so many bytes. */
function readPieces(sent: string, size: number) {
  const bytes = Buffer.from(sent)
  const replies: Pick<Reply, 'status' | 'bodyBytes' | 'isLast'>[] = []
  const takePiece = createReplyReader(({ status, bodyBytes, isLast }) => {
    replies.push({ status, bodyBytes, isLast })
  })
  for (let at = 0; at < bytes.length; at += size) takePiece(bytes.subarray(at, at + size))
  return replies
}

test.for([
  ['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n\r\n\r\nx', { status: 200, bodyBytes: 5, isLast: false }],
  [
    'that is the last',
    'HTTP/1.1 503 x\r\ncontent-length: 0\r\nConnection: close\r\n\r\n',
    { status: 503, bodyBytes: 0, isLast: true },
  ],
  [
    'in chunks',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;x=y\r\n0\r\n\r\n\r\nA\r\n0123456789\r\n0\r\ntrailer: x\r\n\r\n',
    { status: 200, bodyBytes: 15, isLast: false },
  ],
  ['without a body', 'HTTP/1.1 204 No Content\r\nx: y\r\n\r\n', { status: 204, bodyBytes: 0, isLast: false }],
  ['without an end', 'HTTP/1.1 200 OK\r\nx: y\r\n\r\nabc', { status: 0, bodyBytes: 0, isLast: true }],
] as const)('a reply %s is whole where it ends, in pieces of any size', ([, sent, expected]) => {
  const whole = readPieces(sent, sent.length)
  const inPieces = [1, 2, 3, 40].map((size) => readPieces(sent, size)[0])

  expect(whole).toEqual([expected])
  expect(inPieces).toEqual([expected, expected, expected, expected])
})

test('replies that come one after another are told apart', () => {
  const replies = ['HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc', 'HTTP/1.1 404 x\r\ncontent-length: 1\r\n\r\na']
  const statuses: number[] = []

  const takePiece = createReplyReader(({ status, bodyBytes }) => statuses.push(status, bodyBytes))
  for (const reply of replies) takePiece(Buffer.from(reply))

  expect(statuses).toEqual([200, 3, 404, 1])
})
