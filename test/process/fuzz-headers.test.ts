import { test } from 'vitest'
import { BODY } from '../support/bad-http.ts'
import { expectAnswers, type FuzzCase } from '../support/fuzz-cases.ts'
import { PROTOTYPE_NAMES } from '../support/prototype-names.ts'

const get = (fields: string) => `GET /health/live HTTP/1.1\r\nhost: x\r\n${fields}\r\n`
const post = (fields: string) =>
  `POST /api/v1/items/victim HTTP/1.1\r\nhost: x\r\n${fields}content-length: ${BODY.length}\r\n\r\n${BODY}`
const sent = (cases: readonly (readonly [string, string])[], status = 200): FuzzCase[] =>
  cases.map(([why, fields]) => [why, get(fields), [status]])
const refused = (cases: readonly (readonly [string, string])[], status = 400): FuzzCase[] =>
  cases.map(([why, fields]) => [why, get(fields), [status], 'ends'])

const CONTROLS = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).filter((text) => text !== '\t')
const NO_TOKEN = [...'"(),/;<=>?@[\\]{} \t\x7f\x80\xff']
const ENDS = ['\n', '\r', '\n\r', '\r\r\n', '\r\n\0', '\x0b']
const LONG = 'x'.repeat(1000)

test('headers up to 16 KB in all are taken; more of them, or such as are none, end the connection', () =>
  expectAnswers([
    ...sent([0, 1, 10, 1000, 8192, 15_000, 16_000].map((size) => [`${size} bytes`, `x-large: ${'x'.repeat(size)}\r\n`])),
    ...sent([1, 100, 900].map((count) => [`${count} headers`, 'a: b\r\n'.repeat(count)])),
    ...sent([['a name of 15,000 bytes', `${'x'.repeat(15_000)}: y\r\n`]]),
    ...refused(
      [
        ...[16_500, 20_000, 65_536, 1_000_000, 10_000_000].map(
          (size) => [`${size} bytes`, `x: ${'x'.repeat(size)}\r\n`] as const,
        ),
        ['a name of 100,000 bytes', `${'x'.repeat(100_000)}: y\r\n`],
        ['5,000 headers', 'a: b\r\n'.repeat(5000)],
        ['100,000 headers', 'a: b\r\n'.repeat(100_000)],
        ['20 headers of 1,000 bytes', `x: ${LONG}\r\n`.repeat(20)],
        ['2,100 headers of which the last tells of the body', `${'a: b\r\n'.repeat(2100)}content-length: 5\r\n`],
      ],
      431,
    ),
    ...ENDS.flatMap((end): FuzzCase[] => [
      [`${JSON.stringify(end)} behind the request line`, `GET /health/live HTTP/1.1${end}host: x\r\n\r\n`, [400], 'ends'],
      [`${JSON.stringify(end)} behind a header`, `GET /health/live HTTP/1.1\r\nx: y${end}host: x\r\n\r\n`, [400], 'ends'],
    ]),
    ...refused([
      ...CONTROLS.map((control) => [`${JSON.stringify(control)} in a value`, `x: a${control}b\r\n`] as const),
      ...[...CONTROLS, ...NO_TOKEN].map((char) => [`${JSON.stringify(char)} in a name`, `x${char}y: a\r\n`] as const),
      ['no name', ': a\r\n'],
      ['no colon', 'x\r\n'],
      ['a blank before the first header', ' x: a\r\n'],
      ['a line that goes on', 'x: a\r\n b\r\n'],
      ['a line that goes on by a tab', 'x: a\r\n\tb\r\n'],
      ['a line that ends in two carriage returns', 'x: a\r\r\n'],
    ]),
  ]))

test('headers of every legal kind, and those that have a meaning with no meaning, are passed over', () =>
  expectAnswers([
    ...sent([
      ...PROTOTYPE_NAMES.map((name) => [`the header ${name}`, `${name}: ${name}\r\n`.repeat(2)] as const),
      ['every byte beyond ASCII', `x: ${Array.from({ length: 128 }, (_, i) => String.fromCharCode(i + 128)).join('')}\r\n`],
      ['every character of a token', "!#$%&'*+-.^_`|~09AZaz: x\r\n"],
      ['100,000 blanks before a value, which count for nothing', `x:${' '.repeat(100_000)}y\r\n`],
      ['empty values', 'x:\r\ny: \r\nz:\t\r\n'],
      ['hosts that are none', 'x-forwarded-host: //\\\r\nx-forwarded-for: , ,,,"\r\nforwarded: ;;=\r\nx-real-ip: %\r\n'],
      ['ids that are none', `x-request-id: ${LONG}\r\nx-request-id: \r\ntraceparent: 00-\r\ntraceparent: ${LONG}\r\n`],
      ['what is accepted', `accept: ;;;q=\r\naccept-encoding: ${'gzip;q=9,'.repeat(1000)}\r\nrange: bytes=9-1\r\n`],
      ['cookies', `cookie: ${'__proto__=a; '.repeat(1000)}\r\n`],
      ['an expectation', 'expect: 100-continue\r\n'],
      ['an expectation of wonders', 'expect: wonders\r\n'],
      ['another method', 'x-http-method-override: DELETE\r\n'],
      ['another path', 'x-original-url: /nothing\r\nx-rewrite-url: /nothing\r\n'],
      ['another protocol', 'upgrade: h2c\r\nhttp2-settings: AAMAAABkAARAAAAAAAIAAAAA\r\n'],
      ['what is said of the connection', 'connection: keep-alive\r\nkeep-alive: timeout=-1, max=x\r\n'],
      ['dates', 'if-modified-since: never\r\nif-none-match: *\r\nif-match: "\r\n'],
    ]),
    ['a content-type of 15 KB of parameters', post(`content-type: application/json${'; a=b'.repeat(2500)}\r\n`), [200]],
    ['a content-type of 15 KB of blanks', post(`content-type: application/json;${' '.repeat(15_000)}\r\n`), [200]],
    ['a content-type of 15 KB of semicolons', post(`content-type: application/json${';'.repeat(15_000)}\r\n`), [200]],
    ['two content-types', post('content-type: application/json\r\ncontent-type: text/plain\r\n'), [200]],
    ['no content-type', post(''), [415]],
    ['a charset of 15 KB', post(`content-type: application/json; charset=${'x'.repeat(15_000)}\r\n`), [415], 'ends'],
    ['a content-encoding', post('content-type: application/json\r\ncontent-encoding: gzip\r\n'), [415], 'ends'],
    [
      'content-encodings',
      post(`content-type: application/json\r\n${'content-encoding: identity\r\n'.repeat(100)}`),
      [415],
      'ends',
    ],
  ]))
