import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { canonicalDecimal, canonicalJson, memberOf } from '../support/canonical-json.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

let service: TestService

beforeAll(async () => {
  service = await startTestService()
})

afterAll(async () => {
  await service.close()
})

const nested = (levels: number, core = '1') => '['.repeat(levels) + core + ']'.repeat(levels)
const inObjects = (levels: number) => `${'{"o":'.repeat(levels)}null${'}'.repeat(levels)}`

/** Writes `{"cat":{"f":<text>}}` and gives the text of f as it is read back. */
async function writeAndRead(text: string): Promise<string> {
  expect(await service.write('kept', `{"cat":{"f":${text}}}`)).toMatchObject({ status: 200 })
  const reply = await service.read('kept', 'cat')
  expect(reply.status).toBe(200)
  return /"data":\{"f":(.*)\},"metadata":/s.exec(reply.text)?.[1] ?? 'no feature f'
}

test.for([
  '9007199254740993',
  '-9007199254740993',
  '0.1234567890123456789',
  '1e40',
  '-1e40',
  '123456789012345678901234567890',
  '12345678901234567890123456789012345678',
  '-1.2345678901234567890123456789012345678',
  '0.00000000000000000000000000000000000001',
  '1E-130',
  '-1E-130',
  '1.2345678901234567890123456789012345678E-130',
  `9.${'9'.repeat(37)}E+125`,
  `-9.${'9'.repeat(37)}E+125`,
  `1${'0'.repeat(125)}`,
  `0.${'0'.repeat(129)}1`,
  '1e125',
  '0.1e126',
  '10e-131',
  `0.${'0'.repeat(500)}1e500`,
  `1${'0'.repeat(500)}e-500`,
  `1.${'0'.repeat(500)}`,
  '1.50',
  '100',
  '1e2',
  '0',
  '-0',
  '0.000',
  '0e999',
  '-0.0E-999',
])('the number %s comes back as the same decimal', async (text) => {
  expect(canonicalDecimal(await writeAndRead(text))).toBe(canonicalDecimal(text))
})

test.for([
  '""',
  'null',
  'true',
  'false',
  '[]',
  '{}',
  '[[],{},"",null,[null],{"a":[]}]',
  '[1,"1",true,null,1.5]',
  '"é 🦊 \u2028 \\u0000 \\n \\" \\\\ /"',
  '"1e400"',
  '{"constructor":1,"toString":{"hasOwnProperty":[]},"toJSON":null,"then":"x","a.b":0,"#":"","  ":[],"🦊":{}}',
])('the value %s comes back as it was written', async (text) => {
  expect(JSON.parse(await writeAndRead(text))).toEqual(JSON.parse(text))
})

// V8 remembers the names of objects that it parsed, and by mistake compares them with the next name's text before its
// escapes are undone: nodejs/node#63785. Each name here is read after one that it could be taken for.
test.for([
  ['\\', '\n'],
  ['\\', '"'],
  ['\\', '\u0000'],
  ['a\\', 'a\n'],
  ['a\\b', 'a\bX'],
  ['\\u', '\u0001x'],
] as const)('a feature named like %j does not rename the next one, %j', async ([earlier, name]) => {
  const beside = `beside ${earlier}${name}`
  for (const next of [earlier, name]) {
    const data = JSON.stringify({ [beside]: 1, [next]: 9007199254740991 })
    expect(await service.write('names', `{"cat":${data}}`)).toMatchObject({ status: 200 })

    const single = await service.read('names', 'cat')
    const picked = await service.filter('names', { cat: [beside, next] })

    expect(memberOf(single.text, 'features', 'data')).toBe(canonicalJson(data))
    expect(memberOf(picked.text, 'items', 'cat', 'features', 'data')).toBe(canonicalJson(data))
  }
})

test('29 containers inside each other are kept, digits at their bottom too', async () => {
  const text = nested(29, '9007199254740993')

  expect(await writeAndRead(text)).toBe(text)
  expect(await writeAndRead(inObjects(29))).toBe(inObjects(29))
})

test('an unescaped pair of surrogates is the character that it means', async () => {
  expect(await writeAndRead('"\\ud83e\\udd8a"')).toBe('"🦊"')
})

test('a category without features is kept', async () => {
  expect(await service.write('none', { empty: {} })).toMatchObject({ status: 200, json: { total_features: 0 } })
  expect(await service.read('none', 'empty')).toMatchObject({ status: 200, json: { features: { data: {} } } })
})

test('a name of 65,535 bytes is kept, at the top and deeper', async () => {
  const name = `${'🦊'.repeat(16_383)}abc`
  await service.write('long name', { cat: { [name]: { [name]: name } } })

  const reply = await service.read('long name', 'cat')

  expect(reply.json).toMatchObject({ features: { data: { [name]: { [name]: name } } } })
})

test.for([
  ['identifier of 2,048 ASCII bytes', 'i'.repeat(2048), 'cat'],
  ['identifier of 2,048 bytes in astral characters', '🦊'.repeat(512), 'cat'],
  ['category of 1,024 ASCII bytes', 'id', 'c'.repeat(1024)],
  ['category of 1,024 bytes, one of two bytes its last', 'id', `${'c'.repeat(1022)}é`],
] as const)('an %s is written, read and filtered', async ([, identifier, category]) => {
  expect(await service.write(identifier, { [category]: { f: 1 } })).toMatchObject({ status: 200 })
  expect(await service.read(identifier, category)).toMatchObject({
    status: 200,
    json: { category, features: { data: { f: 1 } } },
  })
  expect(await service.filter(identifier, { [category]: [] })).toMatchObject({ status: 200, json: { identifier } })
})

test('an identifier and a category of dots alone are keys like others for a client that sends them as they are', async () => {
  const origin = new URL(await service.app.listen({ port: 0, host: '127.0.0.1' }))
  async function send(method: string, path: string, body?: string): Promise<unknown> {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' }
    const [reply] = await once(
      httpRequest({ host: origin.hostname, port: origin.port, method, path, headers }).end(body),
      'response',
    )
    return JSON.parse(Buffer.concat(await reply.toArray()).toString())
  }

  await send('POST', '/api/v1/items/..', '{".":{"f":1},"..":{"f":2}}')

  expect(await send('GET', '/api/v1/get/item/../.')).toMatchObject({
    bright_uid: '..',
    category: '.',
    features: { data: { f: 1 } },
  })
  expect(await send('GET', '/api/v1/get/item/%2e%2E/..')).toMatchObject({ category: '..', features: { data: { f: 2 } } })
})
