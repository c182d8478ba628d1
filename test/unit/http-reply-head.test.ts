import { expect, test } from 'vitest'
import { parseHead } from '../../src/dynamodb/http/reply-head.ts'

const OK = 'HTTP/1.1 200 OK'
const LENGTH = 'content-length: 2'

/** A head's lines, as they are read. */
function parse(...lines: string[]) {
  return parseHead(lines.join('\r\n'))
}

test('a head tells its status, its headers by their names in lower case, and its body’s length', () => {
  const head = parse(OK, 'Content-Length: 2', 'X-Amzn-RequestId:\t A b \t', 'empty:', 'time: 12:00')

  expect(head).toEqual({
    statusCode: 200,
    headers: { 'content-length': '2', 'x-amzn-requestid': 'A b', empty: '', time: '12:00' },
    isInterim: false,
    length: 2,
    isChunked: false,
    keepsAlive: true,
  })
})

test('of a header that came several times, all values are told', () => {
  const { headers } = parse(OK, LENGTH, 'X-A: 1', 'x-a: 2', 'x-A:', 'x-b: 3')

  expect(headers).toMatchObject({ 'x-a': '1, 2, ', 'x-b': '3' })
})

test('headers that have the names of an object’s own members do no harm', () => {
  const { headers, length, keepsAlive } = parse(OK, '__proto__: x', 'Constructor: y', 'toString: z', 'hasOwnProperty: w', LENGTH)

  expect(headers).toMatchObject({ constructor: 'y', tostring: 'z', hasownproperty: 'w', 'content-length': '2' })
  expect(Object.getPrototypeOf(headers)).toBe(Object.prototype)
  expect(Object.getPrototypeOf({})).not.toHaveProperty('tostring')
  expect({ length, keepsAlive }).toEqual({ length: 2, keepsAlive: true })
})

test.for([
  ['with a reason', 'HTTP/1.1 503 Service Unavailable'],
  ['with an empty reason', 'HTTP/1.1 503 '],
  ['without a reason', 'HTTP/1.1 503'],
  ['with a reason that is no ASCII', 'HTTP/1.1 503 \xfcberlastet'],
] as const)('a status %s is read', ([, line]) => {
  expect(parse(line, LENGTH)).toMatchObject({ statusCode: 503, length: 2 })
  expect(parse(line)).toMatchObject({ statusCode: 503, length: undefined })
})

test.for([
  ['no HTTP', ['SSH-2.0-OpenSSH_9.2']],
  ['a request', ['GET / HTTP/1.1', 'host: x']],
  ['HTTP/2', ['HTTP/2 200 OK', LENGTH]],
  ['HTTP/1.2', ['HTTP/1.2 200 OK', LENGTH]],
  ['a protocol in lower case', ['http/1.1 200 OK', LENGTH]],
  ['a status of two digits', ['HTTP/1.1 20 OK', LENGTH]],
  ['a status of four digits', ['HTTP/1.1 2000 OK', LENGTH]],
  ['a status below 100', ['HTTP/1.1 099 OK', LENGTH]],
  ['two spaces before the status', ['HTTP/1.1  200 OK', LENGTH]],
  ['a line without a colon', [OK, 'x', LENGTH]],
  ['a last line without a colon', [OK, LENGTH, 'x']],
  ['a header without a name', [OK, ': x', LENGTH]],
  ['a space before a header’s colon', [OK, 'content-length : 2']],
  ['a folded header', [OK, 'x: y', ' z', LENGTH]],
  ['a folded header with a colon', [OK, 'x: y', '\tcontent-length: 2']],
  ['a name that is no ASCII', [OK, 'x\xe9: y', LENGTH]],
  ['a line end by halves in a header', [OK, 'x: y\ncontent-length: 2']],
  ['a line end by halves in the status line', ['HTTP/1.1 200 OK\ncontent-length: 2']],
  ['a carriage return in a header', [OK, 'x: y\rz', LENGTH]],
  ['a zero byte in a header', [OK, 'x: y\0', LENGTH]],
  ['a length and chunks', [OK, LENGTH, 'transfer-encoding: chunked']],
  ['a coding besides chunks', [OK, 'transfer-encoding: gzip, chunked']],
  ['a coding without chunks', [OK, 'transfer-encoding: identity']],
  ['chunks in chunks', [OK, 'transfer-encoding: chunked', 'transfer-encoding: chunked']],
  ['two lengths', [OK, LENGTH, 'content-length: 3']],
  ['an empty length', [OK, 'content-length:']],
  ['a length below zero', [OK, 'content-length: -1']],
  ['a length with a sign', [OK, 'content-length: +2']],
  ['a length in hexadecimal', [OK, 'content-length: 0x2']],
  ['a length with a fraction', [OK, 'content-length: 2.0']],
  ['a length of sixteen digits', [OK, 'content-length: 1000000000000000']],
] as const)('%s is refused', ([, lines]) => {
  expect(() => parse(...lines)).toThrow(expect.objectContaining({ name: 'HTTPParserError' }))
})

test.for([
  ['HTTP/1.1', [LENGTH], true],
  ['HTTP/1.1', [LENGTH, 'connection: keep-alive'], true],
  ['HTTP/1.1', [LENGTH, 'Connection: Close'], false],
  ['HTTP/1.1', [LENGTH, 'connection: x-a, close'], false],
  ['HTTP/1.1', [LENGTH, 'connection: keep-alive', 'connection: close'], false],
  ['HTTP/1.1', [LENGTH, 'connection: closed'], true],
  ['HTTP/1.1', ['transfer-encoding: chunked'], true],
  ['HTTP/1.1', [], false],
  ['HTTP/1.1', ['connection: keep-alive'], false],
  ['HTTP/1.0', [LENGTH], false],
  ['HTTP/1.0', [LENGTH, 'connection: x-a'], false],
  ['HTTP/1.0', [LENGTH, 'Connection: Keep-Alive'], true],
  ['HTTP/1.0', [LENGTH, 'connection: keep-alive, close'], false],
  ['HTTP/1.0', ['connection: keep-alive', 'transfer-encoding: chunked'], false],
] as const)('after %s with %j, another request may follow: %j', ([protocol, lines, keepsAlive]) => {
  expect(parse(`${protocol} 200 OK`, ...lines).keepsAlive).toBe(keepsAlive)
})

test.for([
  [100, true],
  [199, true],
  [200, false],
] as const)('behind a %i another reply follows to the same request: %j', ([status, isInterim]) => {
  expect(parse(`HTTP/1.1 ${status} x`).isInterim).toBe(isInterim)
})
