import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/test-service.ts'

let service: TestService
let before: string

beforeAll(async () => {
  service = await startTestService()
})

beforeEach(async () => {
  await service.write('e', { cat: { f: 'before' }, other: { f: 'before' } })
  before = await service.dump()
})

afterAll(async () => {
  await service.close()
})

/** Sends a write over what is stored and expects a refusal at just these places, with the tables as they were. */
async function expectRefused(body: string, ...paths: string[]): Promise<void> {
  const reply = await service.write('e', body)

  expect(reply.json).toMatchObject({ status: 422, code: 'VALIDATION_FAILED', errors: paths.map((path) => ({ path })) })
  expect(reply.status).toBe(422)
  expect(await service.dump()).toBe(before)
}

const nested = (levels: number, core = '1') => '['.repeat(levels) + core + ']'.repeat(levels)
const inObjects = (levels: number, core = 'null') => '{"o":'.repeat(levels) + core + '}'.repeat(levels)

test.for([
  ['39 digits', `1${'0'.repeat(37)}1`],
  ['39 digits in a fraction', `0.${'1'.repeat(39)}`],
  ['39 digits and an exponent', `1.${'1'.repeat(38)}e-20`],
  ['a thousand digits', '7'.repeat(1000)],
  ['1e126', '1e126'],
  ['-1e126', '-1e126'],
  ['1 and 126 zeros', `1${'0'.repeat(126)}`],
  ['1e126 as 38 digits and an exponent', `1${'0'.repeat(37)}e89`],
  ['more than a double', '1e400'],
  ['less than minus a double', '-1e400'],
  ['infinite only as a whole', '91e+307'],
  ['1e-131', '1e-131'],
  ['-9.9e-131', '-9.9e-131'],
  ['smaller than a double', '1e-400'],
  ['smaller than a double, its tail alone a double', '1.5e-324'],
  ['smaller than a double with a zero ahead', '0.1e-323'],
  ['negative and smaller than a double', '-1.5e-324'],
  ['the smallest double', '5e-324'],
  ['an exponent of 22 digits', `1e${'9'.repeat(22)}`],
  ['a negative exponent of 22 digits', `1e-${'9'.repeat(22)}`],
  ['an exponent of 400 digits', `-1e+${'9'.repeat(400)}`],
])('a number that cannot be kept is refused where it is and never rounded: %s', async ([, text]) => {
  await expectRefused(`{"cat":{"f":[1,{"x":${text}}]},"other":{"f":${text}}}`, '$.cat.f[1].x', '$.other.f')
})

test.for([
  ['as a category', '{"__proto__":{"f":1}}', '$.__proto__'],
  ['as a feature', '{"cat":{"__proto__":1}}', '$.cat.__proto__'],
  ['as a feature, an object', '{"cat":{"__proto__":{"f":2}}}', '$.cat.__proto__'],
  ['inside a value', '{"cat":{"f":{"__proto__":null}}}', '$.cat.f.__proto__'],
  ['inside an array beside a long number', '{"cat":{"f":[[9007199254740993,{"__proto__":[]}]]}}', '$.cat.f[0][1].__proto__'],
  ['escaped', '{"cat":{"\\u005f_proto__":1}}', '$.cat.__proto__'],
] as const)('the name __proto__ is refused %s', async ([, body, path]) => {
  await expectRefused(body, path)
})

test.for([
  ['a high one in a value', '{"cat":{"f":"a\\ud800b"}}', '$.cat.f'],
  ['a low one in a value', '{"cat":{"f":["\\udc00"]}}', '$.cat.f[0]'],
  ['two in the wrong order', '{"cat":{"f":"\\udd8a\\ud83e"}}', '$.cat.f'],
  ['in a feature’s name', '{"cat":{"\\ud800":1}}', "$.cat['\\ud800']"],
  ['in a name deeper', '{"cat":{"f":{"a\\udfff":1}}}', "$.cat.f['a\\udfff']"],
  ['in a category', '{"\\udbff":{"f":1}}', "$['\\udbff']"],
] as const)('a lone surrogate is refused: %s', async ([, body, path]) => {
  await expectRefused(body, path)
})

test.for([
  ['a feature', '{"cat":{"":1}}', "$.cat['']"],
  ['a name deeper', '{"cat":{"a.b":[{"":{}}]}}', "$.cat['a.b'][0]['']"],
  ['a category', '{"":{"f":1}}', "$['']"],
] as const)('an empty name is refused: %s', async ([, body, path]) => {
  await expectRefused(body, path)
})

test.for([
  ['ASCII', 'n'.repeat(65_536), `${'n'.repeat(100)}…`],
  ['astral characters', '🦊'.repeat(16_384), `${'🦊'.repeat(50)}…`],
] as const)('a name of 65,536 bytes is refused, at the top and deeper: %s', async ([, name, shown]) => {
  await expectRefused(JSON.stringify({ cat: { [name]: 1, f: { [name]: 1 } } }), `$.cat['${shown}']`, `$.cat.f['${shown}']`)
})

test('30 containers inside each other are refused where the thirtieth begins', async () => {
  await expectRefused(`{"cat":{"f":${nested(30)}}}`, `$.cat.f${'[0]'.repeat(29)}`)
  await expectRefused(`{"cat":{"f":${inObjects(30)}}}`, `$.cat.f${'.o'.repeat(29)}`)
  await expectRefused(`{"cat":{"f":${nested(29, '{}')}}}`, `$.cat.f${'[0]'.repeat(29)}`)
})

test.for([
  ['arrays', nested(10_000)],
  ['objects', inObjects(10_000)],
  ['arrays around a long number', nested(10_000, '9007199254740993')],
  ['objects around a number beyond a double', inObjects(10_000, '1e400')],
  ['arrays, 500,000 of them', nested(500_000, '9007199254740993')],
])('nesting of ten thousand levels and more is refused like any other, and the service lives on: %s', async ([, text]) => {
  const reply = await service.write('e', `{"cat":{"f":${text}}}`)

  expect(reply).toMatchObject({ status: 422, json: { code: 'VALIDATION_FAILED' } })
  expect(await service.dump()).toBe(before)
})

test('one category that is refused keeps all of them from being written', async () => {
  await expectRefused('{"cat":{"f":"new"},"other":{"f":1e400}}', '$.other.f')
})

test('every fault is named, in the order of the body, and no other place', async () => {
  await expectRefused(
    '{"cat":{"ok":1,"big":1e126,"":1,"list":[0,"\\ud800"]},"other":{"__proto__":1}}',
    ...['$.cat.big', "$.cat['']", '$.cat.list[1]', '$.other.__proto__'],
  )
})

test.for([
  ['a category of 1,025 ASCII bytes', 'c'.repeat(1025)],
  ['a category of 1,025 bytes, one of two bytes its last', `${'c'.repeat(1023)}é`],
  ['a category of 1,028 bytes in 257 characters', '🦊'.repeat(257)],
] as const)('%s is refused in a write, a read and a mapping', async ([, category]) => {
  const replies = [
    await service.write('e', { [category]: { f: 1 } }),
    await service.read('e', category),
    await service.filter('e', { [category]: [] }),
  ]

  for (const reply of replies) expect(reply).toMatchObject({ status: 422, json: { code: 'VALIDATION_FAILED' } })
  expect(await service.dump()).toBe(before)
})

test.for([
  ['2,049 ASCII bytes', 'i'.repeat(2049)],
  ['2,049 bytes, two of them the last character', `${'i'.repeat(2047)}é`],
  ['2,052 bytes in 513 characters', '🦊'.repeat(513)],
] as const)('an identifier of %s is refused in a write, a read and a mapping', async ([, identifier]) => {
  const errors = [{ path: 'identifier' }]
  const replies = [
    await service.write(identifier, { cat: { f: 1 } }),
    await service.read(identifier, 'cat'),
    await service.filter(identifier, { cat: [] }),
  ]

  for (const reply of replies) expect(reply).toMatchObject({ status: 422, json: { code: 'VALIDATION_FAILED', errors } })
  expect(await service.dump()).toBe(before)
})

test.for([
  ['a byte that UTF-8 never has', [0xff]],
  ['a lone continuation byte', [0x80]],
  ['an overlong character', [0xc0, 0xaf]],
  ['an encoded surrogate', [0xed, 0xa0, 0x80]],
  ['a character cut off', [0xf0, 0x9f, 0xa6]],
] as const)('a body with %s is malformed and is not repaired', async ([, bytes]) => {
  const body = Buffer.concat([Buffer.from('{"cat":{"f":"'), Buffer.from(bytes), Buffer.from('"}}')])

  expect(await service.write('e', body)).toMatchObject({ status: 400, json: { code: 'MALFORMED_JSON' } })
  expect(await service.dump()).toBe(before)
})
