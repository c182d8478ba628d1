import { expect, test } from 'vitest'
import { openConnection, requestText } from '../support/raw-client.ts'
import { startWatchedApp } from '../support/watched-app.ts'

// A line of fields as long as they may be, every character of them escaped.
const LINE_BYTES = 8192

/** All that is logged of a request for `target` with these headers; of the end of a connection nothing is. */
async function logOf(target: string, headers: Record<string, string> = {}) {
  const app = await startWatchedApp((bare) => bare.get('/*', async () => 'done'))
  const client = await openConnection(app.port)
  client.send(requestText('GET', target, { connection: 'close', ...headers }))
  const reply = await client.all()
  const [line, ...others] = await app.finalRequests()
  if (!line || others.length > 0) throw new Error(`not one line: ${app.sink.text()}`)
  const texts = app.sink.texts().filter((text) => text.includes('"status"'))
  return { reply, line, texts }
}

const UTF8 = Buffer.from('naïve 🦊 \u202e \u2028 \ufeff').toString('latin1')

const hostile: readonly (readonly [string, string])[] = [
  ['quotes', `"}\\","level":"fatal","status":1,"x":"`],
  ['backslashes', '\\'.repeat(1000)],
  ['bytes of UTF-8', UTF8],
  [
    'every byte there may be',
    Array.from({ length: 223 }, (_, index) => String.fromCharCode(index + 33))
      .join('')
      .replace('\x7f', ''),
  ],
  ['tabs', 'a\tb\tc'],
  ['15 KB', 'u'.repeat(15_000)],
  ['15 KB of quotes', '"'.repeat(15_000)],
  ['15 KB of UTF-8', UTF8.repeat(500)],
]

test.for(hostile)('a user agent of %s leaves the line one of valid JSON, and short', async ([, userAgent]) => {
  const { line, texts } = await logOf('/', { 'user-agent': userAgent })

  expect(line).toMatchObject({ level: 'info', status: 200, url: '/' })
  expect(userAgent.startsWith(String(line.user_agent).slice(0, 200))).toBe(true)
  expect(texts).toEqual([expect.stringMatching(/^[^\n]+\n$/)])
  expect(Buffer.byteLength(texts.join(''))).toBeLessThan(LINE_BYTES)
})

test.for([
  ['quotes', `/"}\\","level":"fatal","status":1,"x":"`],
  ['markup', '/<script>alert(1)</script>'],
  ['escapes of a newline', '/%0A%7B%22level%22:%22fatal%22%7D'],
  ['12 KB', `/${'a'.repeat(12_000)}`],
  ['12 KB of quotes', `/${'"'.repeat(12_000)}`],
  ['12 KB of query', `/?${'a=1&'.repeat(3000)}`],
] as const)('a URL of %s leaves the line one of valid JSON, and short', async ([, target]) => {
  const { line, texts } = await logOf(target)

  expect(line).toMatchObject({ level: 'info', status: 200 })
  expect(String(line.url).slice(0, 3)).toBe(target.slice(0, 3))
  expect(texts).toEqual([expect.stringMatching(/^[^\n]+\n$/)])
  expect(Buffer.byteLength(texts.join(''))).toBeLessThan(LINE_BYTES)
})

test('a user agent of 20 KB is refused, and the line of it is short', async () => {
  const { reply, line, texts } = await logOf('/', { 'user-agent': 'u'.repeat(20_000) })

  expect(reply).toMatch(/^HTTP\/1\.1 431 /)
  expect(line).toMatchObject({ level: 'warn', status: 431, error_code: 'HEADERS_TOO_LARGE' })
  expect(Buffer.byteLength(texts.join(''))).toBeLessThan(LINE_BYTES)
})

test.for([
  ['quotes', '"},{"level":"fatal"'],
  ['spaces', 'a b'],
  ['2 KB', 'i'.repeat(2048)],
  ['nothing', ''],
] as const)('a request id of %s is replaced, in the reply and in the line alike', async ([, id]) => {
  const { reply, line } = await logOf('/', { 'x-request-id': id })

  expect(line.request_id).toMatch(/^[0-9a-f-]{36}$/)
  expect(reply).toContain(`x-request-id: ${line.request_id}\r\n`)
})
