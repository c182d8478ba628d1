import { expect, test } from 'vitest'
import { BODY, badHttp, POST_HEAD } from '../support/bad-http.ts'
import { expectAnswers, type FuzzCase } from '../support/fuzz-cases.ts'
import { readFeature } from '../support/service-process.ts'

// A write that must not happen: it stands where a body does.
const SMUGGLED_BODY = '{"cat":{"value":"smuggled"}}'
const SMUGGLED =
  `POST /api/v1/items/smuggled HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n` +
  `content-length: ${SMUGGLED_BODY.length}\r\n\r\n${SMUGGLED_BODY}`

const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
const CHUNKS = `${chunk(BODY)}0\r\n\r\n`
const chunked = (chunks: string) => `${POST_HEAD}transfer-encoding: chunked\r\n\r\n${chunks}`
const coded = (fields: string) => `${POST_HEAD}${fields}\r\n\r\n${CHUNKS}${SMUGGLED}`
const sized = (...lengths: string[]) =>
  `${POST_HEAD}${lengths.map((length) => `content-length:${length}\r\n`).join('')}\r\n${BODY}${SMUGGLED}`

const refused = (cases: readonly (readonly [string, string])[], status = 400): FuzzCase[] =>
  cases.map(([why, bytes]) => [why, bytes, [status], 'ends'])

async function expectNothingSmuggled({ service }: { service: { url: string } }): Promise<void> {
  expect(await readFeature(service.url, 'smuggled')).toBeUndefined()
}

test('a length or coding that can be read in two ways ends the connection, and no body is taken for a request', () => {
  const lengths = [
    ...[' -1', ' +15', ' 0x0f', ' 15.0', ' 1e1', ' 15;', ' 15,15', ' 15, 16', ' fifteen', ' 1 5', ' \u00b2', ' "15"', ' NaN'],
    ...[' 18446744073709551616', ` ${'9'.repeat(1000)}`, ' 18446744073709551615,15'],
  ]
  const codings = [
    'identity',
    'gzip',
    'chunked, gzip',
    'chunked, identity',
    'xchunked',
    'chunked;q=1',
    '"chunked"',
    'chu nked',
    ',',
  ]
  const overLimit = ['4194305', '4294967296', '9007199254740993', '18446744073709551615']
  return expectAnswers(
    [
      ...refused([
        ...lengths.map((length) => [`content-length:${length.slice(0, 40)}`, sized(length)] as const),
        ['two that differ', sized(' 15', ' 16')],
        ['two of which one is no number', sized(' 15', ' x')],
        ['two alike', sized(' 15', ' 15')],
        ['a hundred', sized(...Array.from({ length: 100 }, () => ' 15'))],
        ['one in a line that goes on', `${POST_HEAD}content-length: 1\r\n 5\r\n\r\n${BODY}${SMUGGLED}`],
        ['one with a blank before its colon', `${POST_HEAD}content-length : 15\r\n\r\n${BODY}${SMUGGLED}`],
      ]),
      ...refused(
        overLimit.map((length) => [`content-length: ${length}`, sized(` ${length}`)] as const),
        413,
      ),
      ...refused([
        ...codings.map((coding) => [JSON.stringify(coding), coded(`transfer-encoding: ${coding}`)] as const),
        ['with a content-length', coded('transfer-encoding: chunked\r\ncontent-length: 5')],
        ['with a content-length before it', coded('content-length: 5\r\ntransfer-encoding: chunked')],
        ['with a content-length that fits', coded(`transfer-encoding: chunked\r\ncontent-length: ${CHUNKS.length}`)],
        ['identity with a content-length', coded('transfer-encoding: identity\r\ncontent-length: 5')],
        ['with a control character', coded('transfer-encoding: chunked\x0b')],
        ['with a blank before its colon', coded('transfer-encoding : chunked')],
        ['behind a bare line feed', coded('x: y\ntransfer-encoding: chunked')],
        ['behind a bare carriage return', coded('x: y\rtransfer-encoding: chunked')],
      ]),
    ],
    expectNothingSmuggled,
  )
})

test('chunks that lie about themselves end the connection, and no chunk is taken for a request', () => {
  const sizes = ['', ' ', 'g', '-1', '0x5', '+5', '5 5', `${'f'.repeat(17)}`, `1${'0'.repeat(100)}`, '\u0665']
  return expectAnswers(
    [
      ...refused([
        ...sizes.map((size) => [`the size ${JSON.stringify(size)}`, chunked(`${size}\r\n${SMUGGLED}\r\n0\r\n\r\n`)] as const),
        ['longer than they say', chunked(`5\r\n${BODY}\r\n0\r\n\r\n${SMUGGLED}`)],
        ['a size in a line of a line feed alone', chunked(`f\n${BODY}\r\n0\r\n\r\n${SMUGGLED}`)],
        ['no line break behind a chunk', chunked(`f\r\n${BODY}0\r\n\r\n${SMUGGLED}`)],
        ['a null in an extension', chunked(`f;a=\0\r\n${BODY}\r\n0\r\n\r\n`)],
        ['a line feed in an extension', chunked(`f;a\n${BODY}\r\n0\r\n\r\n`)],
        ['a length as a trailer', chunked(`${chunk(BODY)}0\r\ncontent-length: 99\r\n\r\n${SMUGGLED}`)],
        ['a trailer that is none', chunked(`${chunk(BODY)}0\r\n\0: x\r\n\r\n`)],
        ['an extension of 1 MB', chunked(`f;${'x'.repeat(1_000_000)}\r\n${BODY}\r\n0\r\n\r\n`)],
        ['extensions of 1 MB in all', chunked(`${`1;${'a'.repeat(24)}\r\n \r\n`.repeat(33_000)}0\r\n\r\n`)],
      ]),
      ['shorter than they say', chunked(`fff\r\n${BODY}\r\n0\r\n\r\n${SMUGGLED}`), [400], 'waits'],
      ['a chunk of 2^64 - 1 bytes', chunked(`${'f'.repeat(16)}\r\n${BODY}\r\n0\r\n\r\n${SMUGGLED}`), [400], 'waits'],
      ...refused(
        [
          ['a trailer of 1 MB', chunked(`${chunk(BODY)}0\r\nx: ${'x'.repeat(1_000_000)}\r\n\r\n`)],
          ['50,000 trailers', chunked(`${chunk(BODY)}0\r\n${'x: y\r\n'.repeat(50_000)}\r\n`)],
        ],
        431,
      ),
    ],
    expectNothingSmuggled,
  )
})

test('chunks of every legal kind are one body, and what is no HTTP ends the connection', () => {
  const bytewise = [...BODY].map(chunk).join('')
  return expectAnswers([
    ['one', chunked(CHUNKS), [200]],
    ['a byte each', chunked(`${bytewise}0\r\n\r\n`), [200]],
    ['zeros before the size', chunked(`0000f\r\n${BODY}\r\n000\r\n\r\n`), [200]],
    ['extensions', chunked(`f;a;b=c;d="e;\\"f"\r\n${BODY}\r\n0;end\r\n\r\n`), [200]],
    ['an extension of 8 KB', chunked(`f;${'x'.repeat(8000)}\r\n${BODY}\r\n0\r\n\r\n`), [200]],
    ['trailers', chunked(`${chunk(BODY)}0\r\nx-trailer: a\r\nhost: other\r\nx-request-id: other\r\n\r\n`), [200]],
    ['a coding in capitals', `${POST_HEAD}Transfer-Encoding: CHUNKED\r\n\r\n${CHUNKS}`, [200]],
    ...badHttp.map(([why, bytes, { status }, cutOff]): FuzzCase => [why, bytes, [status], cutOff ? 'waits' : 'ends']),
  ])
})
