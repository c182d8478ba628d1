import { expect, test } from 'vitest'
import { createRequestCutter } from '../../bench/support/request-cutter.ts'

const call = (target: string, body: string) =>
  `POST / HTTP/1.1\r\nhost: x\r\n${target}\r\nCONTENT-LENGTH: ${Buffer.byteLength(body)}\r\n\r\n${body}`

const GET_ITEM = '{"Key":{"bright_uid":{"S":"Zoë"},"category":{"S":"a\\r\\n\\r\\nb"}}}'
const SENT = [
  call('X-Amz-Target: DynamoDB_20120810.GetItem', GET_ITEM),
  'GET / HTTP/1.1\r\nhost: x\r\n\r\n',
  call('x-amz-target: DynamoDB_20120810.UpdateItem', '{}'),
].join('')

test.for([1, 7, 64, 100_000])('calls are told apart in pieces of %i bytes, their bytes unchanged', (size) => {
  const bytes = Buffer.from(SENT)
  const calls: [string, string][] = []
  const takePiece = createRequestCutter((operation, body) => {
    calls.push([operation, Buffer.from(body, 'latin1').toString()])
  })

  for (let at = 0; at < bytes.length; at += size) takePiece(bytes.subarray(at, at + size).toString('latin1'))

  expect(calls).toEqual([
    ['GetItem', GET_ITEM],
    ['', ''],
    ['UpdateItem', '{}'],
  ])
})
