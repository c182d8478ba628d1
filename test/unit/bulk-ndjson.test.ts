import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openNdjson } from '../../src/cli/import/ndjson-rows.ts'
import { DEFAULT_WRITER } from '../../src/features/feature-record.ts'
import { readAll, rowReader } from '../support/bulk-rows.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

function open(text: string | Buffer) {
  const path = join(temporaryFolder(), 'rows.ndjson')
  writeFileSync(path, text)
  return openNdjson(path, rowReader())
}

const row = (members: string) => `{"identifier":"u","category":"c","features":{"f":1}${members && `,${members}`}}\n`

async function writerOf(members: string) {
  const [read] = await readAll(await open(row(members)))
  return read?.writer ?? read?.fault
}

test('numbers keep their digits, null is null, and names may be any but one', async () => {
  const features =
    '{"big":9007199254740993,"long":0.1234567890123456789,"huge":1e40,"none":null,"a.b":[{"#":true}],"constructor":"é"}'
  const [read] = await readAll(await open(`{"identifier":"u","category":"c","features":${features}}`))

  expect(read?.features).toEqual({
    big: '{"N":"9007199254740993"}',
    long: '{"N":"0.1234567890123456789"}',
    huge: '{"N":"1e+40"}',
    none: '{"NULL":true}',
    'a.b': '{"L":[{"M":{"#":{"BOOL":true}}}]}',
    constructor: '{"S":"é"}',
  })
})

test.each([
  ['', {}],
  ['"ttl":60', { ttlSeconds: 60 }],
  ['"ttl":"None"', {}],
  ['"ttl":null,"event_time":null', {}],
  ['"event_time":"2025-10-07T07:46:26.123456789Z"', { eventTimeMs: '1759823186123.456789' }],
  ['"event_time":1759823186943', { eventTimeMs: '1759823186943' }],
  ['"expires_at":"2030-01-01T00:00:00Z","ttl":5', { ttlSeconds: 5, expiresAtSeconds: 1_893_456_000 }],
  ['"expires_at":1893456000', { expiresAtSeconds: 1_893_456_000 }],
  ['"source":"job","compute_id":"run-7"', { source: 'job', computeId: 'run-7' }],
])('%s is what the writer says', async (members, said) => {
  expect(await writerOf(members)).toEqual({ ...DEFAULT_WRITER, ...said })
})

test.each([
  ['"ttl":0', /^ttl must be whole seconds from 1 to 315360000/],
  ['"ttl":1.5', /^ttl must be/],
  ['"ttl":"60"', /^ttl must be/],
  ['"event_time":"2025-10-07"', /^event_time must be a time with a zone/],
  ['"event_time":1.5', /^event_time must be/],
  ['"expires_at":"2030-01-01T00:00:00.5Z"', /^expires_at must be a whole second/],
  ['"expires_at":-1', /^expires_at must be/],
  ['"source":7', /^source must be 1 to 256 characters/],
  ['"when":1', /^\$\.when is not known; a row has identifier, category, features/],
])('%s is a fault, and says what is right', async (members, fault) => {
  expect(await writerOf(members)).toMatch(fault)
})

test.each([
  ['[]', 'must be a JSON object'],
  ['{"category":"c","features":{}}', 'identifier is missing'],
  ['{"identifier":7,"category":"c","features":{}}', 'identifier must be a string'],
  ['{"identifier":"u","features":{}}', 'category is missing'],
  ['{"identifier":"u","category":"__proto__","features":{}}', 'category "__proto__" is not allowed'],
  ['{"identifier":"u","category":"c"}', 'features must be a JSON object'],
  ['{"identifier":"u","category":"c","features":[1]}', 'features must be a JSON object'],
  [
    '{"identifier":"u","category":"c","features":{"__proto__":1}}',
    '$.features.__proto__: feature name "__proto__" is not allowed as a name',
  ],
  [
    '{"identifier":"u","category":"c","features":{"a":"\\ud800"}}',
    '$.features.a: holds a lone surrogate, which UTF-8 cannot represent',
  ],
])('%s is refused: %s', async (text, fault) => {
  const [read] = await readAll(await open(text))

  expect(read?.fault).toBe(fault)
})

test('an item that is too large for DynamoDB is refused before it is sent', async () => {
  const [read] = await readAll(await open(`{"identifier":"u","category":"c","features":{"f":"${'x'.repeat(410_000)}"}}`))

  expect(read?.fault).toMatch(/^Category "c" would be an item of at least \d+ bytes; DynamoDB's limit is 409600/)
})

test('what npm says before the first row is passed over, and so are empty lines, carriage returns and a byte order mark', async () => {
  const banner = '\n> online-feature-store@0.1.0 export\n> exec node src/cli/export.ts\n\n'

  const rows = await readAll(await open(`${banner}${row('')}\r\n  \n${row('').trim()}\r\n> no banner\n`))

  expect(rows.map(({ line, key, fault }) => [line, key ?? fault?.slice(0, 11)])).toEqual([
    [5, 'u c'],
    [8, 'u c'],
    [9, 'is not JSON'],
  ])
  expect((await readAll(await open(`\uFEFF${row('')}`))).map(({ key }) => key)).toEqual(['u c'])
})

test('a line that is too long, and one that is not UTF-8, are refused; those behind them are read', async () => {
  const bad = Buffer.concat([Buffer.from('{"identifier":"'), Buffer.of(0xc3, 0x28), Buffer.from('"}\n')])
  const long = Buffer.from(`"${'x'.repeat(9 * 1024 * 1024)}"\n`)

  const rows = await readAll(await open(Buffer.concat([bad, long, Buffer.from(row(''))])))

  expect(rows.map(({ line, key, fault }) => [line, key ?? fault])).toEqual([
    [1, 'is not UTF-8'],
    [2, 'is longer than 8 MiB'],
    [3, 'u c'],
  ])
})

test('reading goes on behind any row, over pieces of the file that cut lines anywhere', async () => {
  const rows = Array.from(
    { length: 3000 },
    (_, index) => `{"identifier":"ü${index}","category":"c","features":{"f":"${'é'.repeat(index % 300)}"}}\n`,
  )
  const source = await open(rows.join(''))
  const all = await readAll(source)

  expect(all.map(({ key }) => key)).toEqual(rows.map((_, index) => `ü${index} c`))
  for (const { end, line } of all.filter((_, index) => index % 487 === 0)) {
    expect(await readAll(source, { offset: end, line })).toEqual(all.slice(line))
  }
})
