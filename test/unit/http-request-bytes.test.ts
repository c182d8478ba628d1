import { expect, test } from 'vitest'
import { HttpRequestError } from '../../src/dynamodb/http/failures.ts'
import { type RequestParts, requestBytes } from '../../src/dynamodb/http/request-bytes.ts'

const POST = { method: 'POST', hostname: 'store', path: '/', headers: { host: 'store' } }

/** What goes over the wire. */
function onTheWire(parts: RequestParts): Buffer {
  const { bytes, encoding } = requestBytes(parts)
  return typeof bytes === 'string' ? Buffer.from(bytes, encoding) : Buffer.from(bytes)
}

test('a request is sent to the byte', () => {
  const headers = { 'content-type': 'application/x-amz-json-1.0', host: 'dynamodb.us-east-1.amazonaws.com', 'x-empty': '' }

  const sent = onTheWire({ ...POST, path: '/some%20path?a=b', headers, body: '{"a":1}' })

  expect(sent.toString('latin1')).toBe(
    [
      'POST /some%20path?a=b HTTP/1.1',
      'content-type: application/x-amz-json-1.0',
      'host: dynamodb.us-east-1.amazonaws.com',
      'x-empty: ',
      'content-length: 7',
      '',
      '{"a":1}',
    ].join('\r\n'),
  )
})

test.for([
  ['of two bytes each', '"é"', 4],
  ['above 16 bits', '"😀"', 6],
  ['that are halves of one', '"\ud83d"', 5],
] as const)('a body with characters %s has its length in bytes, and comes as UTF-8', ([, body, length]) => {
  const sent = onTheWire({ ...POST, body })

  const expected = Buffer.from(`POST / HTTP/1.1\r\nhost: store\r\ncontent-length: ${length}\r\n\r\n${body}`, 'utf8')
  expect(sent).toEqual(expected)
})

test('a body of bytes is sent as it is, be it a part of larger memory', () => {
  const memory = Uint8Array.of(1, 0, 0xff, 0x0d, 0x0a, 2)

  const sent = onTheWire({ ...POST, body: memory.subarray(1, 5) })

  const head = Buffer.from('POST / HTTP/1.1\r\nhost: store\r\ncontent-length: 4\r\n\r\n')
  expect(sent).toEqual(Buffer.concat([head, Buffer.of(0, 0xff, 0x0d, 0x0a)]))
})

test.for([
  ['no body', undefined],
  ['an empty text', ''],
  ['no bytes', new Uint8Array()],
] as const)('a request with %s has the length 0', ([, body]) => {
  const sent = onTheWire({ ...POST, method: 'GET', body })

  expect(sent.toString('latin1')).toBe('GET / HTTP/1.1\r\nhost: store\r\ncontent-length: 0\r\n\r\n')
})

test('a length that is given is not sent: the body’s own is', () => {
  const sent = onTheWire({ ...POST, headers: { 'content-length': '100', host: 'store' }, body: '{}' })

  expect(sent.toString('latin1')).toBe('POST / HTTP/1.1\r\nhost: store\r\ncontent-length: 2\r\n\r\n{}')
})

test.for([
  ['a name', { hostname: 'store' }, 'store'],
  ['a name and a port', { hostname: 'store', port: 8000 }, 'store:8000'],
  ['an IPv6 address and a port', { hostname: '[::1]', port: 8000 }, '[::1]:8000'],
] as const)('a host that is not given is the URL’s, with the port where that has one: %s', ([, place, host]) => {
  const sent = onTheWire({ ...POST, ...place, headers: {} })

  expect(sent.toString('latin1')).toBe(`POST / HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 0\r\n\r\n`)
})

test('a host that is given is the one that is sent, as it was signed', () => {
  const sent = onTheWire({ ...POST, hostname: '127.0.0.1', port: 8000, headers: { host: 'signed' } })

  expect(sent.toString('latin1')).toBe('POST / HTTP/1.1\r\nhost: signed\r\ncontent-length: 0\r\n\r\n')
})

test.for([
  ['a line end in the path', { path: '/\r\nx: y' }],
  ['a line feed in the path', { path: '/\n' }],
  ['a space in the path', { path: '/a b' }],
  ['a path that is no ASCII', { path: '/é' }],
  ['a zero byte in the path', { path: '/\0' }],
  ['a line end in a header', { headers: { host: 'store', x: 'y\r\nz: w' } }],
  ['a carriage return in a header', { headers: { host: 'store', x: 'y\r' } }],
  ['a line feed in a header', { headers: { host: 'store', x: 'y\n' } }],
  ['a header that is no ASCII', { headers: { host: 'store', x: 'é' } }],
  ['a zero byte in a header', { headers: { host: 'store', x: '\0' } }],
  ['a line end in a header’s name', { headers: { host: 'store', 'x: y\r\nz': 'w' } }],
  ['a line end in the host', { headers: {}, hostname: 'store\r\nx: y' }],
] as const)('%s is refused: it would make another request of it', ([, parts]) => {
  expect(() => requestBytes({ ...POST, ...parts })).toThrow(HttpRequestError)
})

test('a header may have tabs and spaces', () => {
  const sent = onTheWire({ ...POST, headers: { host: 'store', x: 'a\tb c' } })

  expect(sent.toString('latin1')).toContain('\r\nx: a\tb c\r\n')
})
