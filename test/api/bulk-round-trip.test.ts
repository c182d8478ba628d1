import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseJsonText } from '../../src/json/parse-json.ts'
import { runBulk, settingsOf } from '../support/bulk-cli.ts'
import { putRawItem } from '../support/put-raw-item.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

let service: TestService
let other: TestService

beforeAll(async () => {
  service = await startTestService()
  other = await startTestService()
})

afterAll(async () => {
  await service.close()
  await other.close()
})

const FEATURES =
  '{"big":9007199254740993,"long":0.1234567890123456789,"huge":1e40,"tiny":-1.5e-100,"none":null,"yes":true,' +
  '"text":"é\\"\\n \\u0000 💡","list":[1,[],{"a.b":9007199254740993}],"map":{"constructor":{},"#":[null]}}'

type Row = { identifier: string; category: string } & Record<string, unknown>

async function exported(from: TestService, ...args: string[]): Promise<Map<string, string>> {
  const { code, stdout } = await runBulk('export', args, await settingsOf(from))
  expect(code).toBe(0)
  const lines = stdout.split('\n').filter((line) => line !== '')
  return new Map(lines.map((line) => [`${(JSON.parse(line) as Row).identifier} ${(JSON.parse(line) as Row).category}`, line]))
}

async function imported(into: TestService, text: string, ...args: string[]) {
  const file = join(temporaryFolder(), 'rows.ndjson')
  writeFileSync(file, text)
  return runBulk('import', [file, ...args], await settingsOf(into))
}

test('what is exported and imported into another table is equal, digit for digit, with its event time and expiry', async () => {
  await service.request('POST', '/api/v1/items/plain', `{"cat":${FEATURES},"empty":{}}`)
  const timed = '?source=job&compute_id=run-7&ttl=86400&event_time=2025-10-07T07:46:26.123456789Z'
  await service.request('POST', `/api/v1/items/timed${timed}`, `{"cat":${FEATURES}}`)

  const rows = await exported(service)
  const { code, stdout } = await imported(other, [...rows.values()].join('\n'))

  expect(code).toBe(0)
  expect(stdout).toMatch(/^ +3 {2}written$/m)
  expect(await exported(other)).toEqual(rows)
  for (const path of ['plain/cat', 'plain/empty', 'timed/cat']) {
    const [before, after] = await Promise.all([service, other].map((each) => each.request('GET', `/api/v1/get/item/${path}`)))
    const withoutWriteTimes = (text = '') => text.replaceAll(/"(created|updated)_at":"[^"]*",/g, '')
    expect(withoutWriteTimes(after?.text)).toBe(withoutWriteTimes(before?.text))
  }
})

test('sets come as arrays and binary as base64, as the API shows them', async () => {
  const features = '{"M":{"data":{"M":{"set":{"NS":["1","2"]},"bytes":{"B":"AP8="},"words":{"SS":["a"]}}},"metadata":{"M":{}}}}'
  await putRawItem(service, `{"bright_uid":{"S":"foreign"},"category":{"S":"cat"},"features":${features}}`)

  const row = (await exported(service)).get('foreign cat') ?? ''

  const shown = await service.request('GET', '/api/v1/get/item/foreign/cat')
  expect(parseJsonText(row)).toMatchObject({ features: shown.json.features.data })
  expect(JSON.parse(row).features).toEqual({ set: expect.arrayContaining([1, 2]), bytes: 'AP8=', words: ['a'] })
})

test('what was deleted or has expired is not exported; what expired since is counted and not written', async () => {
  await service.request('POST', '/api/v1/items/gone', '{"cat":{"f":1}}')
  await service.request('DELETE', '/api/v1/items/gone/cat')
  const features = '{"M":{"data":{"M":{"f":{"N":"1"}}},"metadata":{"M":{}}}}'
  await putRawItem(
    service,
    `{"bright_uid":{"S":"old"},"category":{"S":"cat"},"features":${features},"expires_at":{"N":"1000000"}}`,
  )

  const rows = await exported(service)
  const { code, stdout } = await imported(
    other,
    '{"identifier":"late","category":"cat","features":{"f":1},"expires_at":"2001-01-01T00:00:00Z"}',
  )

  expect([...rows.keys()].filter((key) => /^(gone|old) /.test(key))).toEqual([])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^ +1 {2}not written: expired already$/m)
  expect((await other.request('GET', '/api/v1/get/item/late/cat')).status).toBe(404)
})

test('segments side by side bring each item once, however many pages it takes', async () => {
  const pages = await startTestService()
  const long = 'x'.repeat(20_000)
  const lines = Array.from(
    { length: 150 },
    (_, index) => `{"identifier":"u${index}","category":"c","features":{"n":${index},"long":"${long}"}}`,
  )
  await imported(pages, lines.join('\n'), '--table-type', 'account_id')

  for (const segments of ['1', '7']) {
    const { code, stdout } = await runBulk(
      'export',
      ['--table-type', 'account_id', '--segments', segments],
      await settingsOf(pages),
    )
    const identifiers = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as Row).identifier)
    expect(code).toBe(0)
    expect(identifiers.toSorted()).toEqual(lines.map((_, index) => `u${index}`).toSorted())
  }
  await pages.close()
})

test('a row with an older event time leaves what is stored, and says so; sending the rows again changes nothing', async () => {
  await other.request('POST', '/api/v1/items/fresh?event_time=2025-10-07T00:00:00Z', '{"cat":{"f":"new"}}')
  const rows =
    '{"identifier":"fresh","category":"cat","features":{"f":"old"},"event_time":"2025-10-06T00:00:00Z"}\n' +
    '{"identifier":"twice","category":"cat","features":{"f":1}}\n{"identifier":"twice","category":"cat","features":{"f":2}}\n'

  for (let run = 1; run <= 2; run += 1) {
    const { code, stdout } = await imported(other, rows)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ +2 {2}written$/m)
    expect(stdout).toMatch(/^ +1 {2}not written: a later event time is stored$/m)
    expect((await other.request('GET', '/api/v1/get/item/fresh/cat')).json.features.data).toEqual({ f: 'new' })
    expect((await other.request('GET', '/api/v1/get/item/twice/cat')).json.features.data).toEqual({ f: 2 })
  }
})
