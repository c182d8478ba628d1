import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProblemCode } from '../../src/errors.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

const PATH = '/api/v1/items/victim/cat'
const DEEP = `${'['.repeat(30)}${']'.repeat(30)}`
const MERGE_PATCH = 'application/merge-patch+json'

/** What is bad about a body, the body, and where the first fault is. */
const INVALID: [string, string, string][] = [
  ...['null', 'true', '1', '1e400', '"f1"', '[]', '[{"f1":1}]'].map((body): [string, string, string] => [
    `the body ${body}`,
    body,
    '$',
  ]),
  ['a number of 39 digits', `{"ok":1,"f1":${'1'.repeat(39)}}`, '$.f1'],
  ['a number that is too large', '{"f1":{"g":[1e126]}}', '$.f1.g[0]'],
  ['a lone surrogate', '{"f1":"\\ud800"}', '$.f1'],
  ['30 levels', `{"f1":${DEEP}}`, `$.f1${'[0]'.repeat(29)}`],
  ['100,000 levels', `{"f1":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, `$.f1${'[0]'.repeat(29)}`],
  ['an empty name', '{"f1":9,"":1}', "$['']"],
  ['an empty name to be removed', '{"f1":9,"":null}', "$['']"],
  ['an empty name inside a value', '{"f1":{"":1}}', "$.f1['']"],
  ['the name __proto__', '{"f1":9,"__proto__":{"g":1}}', '$.__proto__'],
  ['the name __proto__ to be removed', '{"f1":9,"__proto__":null}', '$.__proto__'],
  ['__proto__ inside a value', '{"f1":[{"__proto__":1}]}', '$.f1[0].__proto__'],
  ['a name of 65,536 bytes', `{"f1":9,"${'n'.repeat(65_536)}":1}`, `$['${'n'.repeat(100)}…']`],
]

const MALFORMED = ['{"f1":', '{"f1":9,}', "{'f1':9}", '{"f1":9}{"f1":9}', ' \n', '{"f1":NaN}', '{"f1":01}']

const CONTENT_TYPES = [
  'text/plain',
  'application/json-patch+json',
  'application/vnd.api+json',
  'application/jsonx',
  'json',
  '*/*',
]

const BAD_PATHS: [string, number, ProblemCode, string?][] = [
  [`${PATH}?table_type=users`, 400, 'INVALID_TABLE_TYPE'],
  [`/api/v1/items/${'i'.repeat(2049)}/cat`, 422, 'VALIDATION_FAILED', 'identifier'],
  [`/api/v1/items/victim/${'c'.repeat(1025)}`, 422, 'VALIDATION_FAILED', 'category'],
  ['/api/v1/items/victim/', 422, 'VALIDATION_FAILED', 'category'],
  ['/api/v1/items//cat', 422, 'VALIDATION_FAILED', 'identifier'],
  ['/api/v1/items/%zz/cat', 400, 'MALFORMED_URL'],
  // As in a write.
  ['/api/v1/items/victim/__proto__', 422, 'VALIDATION_FAILED', 'category'],
]

let service: TestService

beforeAll(async () => {
  service = await startTestService()
  await service.write('victim', { cat: { f1: 1 } })
})

afterAll(async () => {
  await service.close()
})

/** Sends it, and sees to it that the tables stay byte for byte as they were. */
async function refused(method: 'PATCH' | 'POST', url: string, body: string | undefined, headers: Record<string, string> = {}) {
  const before = await service.dump()
  const reply = await service.request(method, url, body, headers)
  expect(await service.dump()).toBe(before)
  return reply
}

test.for(INVALID)('a patch with %s is 422, says where, and changes nothing', async ([_, body, at]) => {
  const reply = await refused('PATCH', PATH, body)

  expectProblem(reply, 422, 'VALIDATION_FAILED')
  expect(reply.json).toHaveProperty('errors.0.path', at)
})

test('every fault of a patch is named', async () => {
  const reply = await refused('PATCH', PATH, '{"a":1e400,"b":null,"c":{"":1},"":2}')

  const { errors } = reply.json as { errors: { path: string }[] }
  expect(errors.map(({ path }) => path)).toStrictEqual(['$.a', "$.c['']", "$['']"])
})

test.for(['', '{}', ' { }\n'])('the empty patch %j is 400 and changes nothing', async (body) => {
  const reply = await refused('PATCH', PATH, body)

  expectProblem(reply, 400, 'EMPTY_BODY')
})

test('a patch with neither body nor content type is 400 and changes nothing', async () => {
  const reply = await refused('PATCH', PATH, undefined)

  expectProblem(reply, 400, 'EMPTY_BODY')
})

test.for(MALFORMED)('the patch %j is 400 and changes nothing', async (body) => {
  const reply = await refused('PATCH', PATH, body, { 'content-type': MERGE_PATCH })

  expectProblem(reply, 400, 'MALFORMED_JSON')
})

test.for(CONTENT_TYPES)('a patch as %j is 415 and changes nothing', async (type) => {
  const reply = await refused('PATCH', PATH, '{"f1":9}', { 'content-type': type })

  expectProblem(reply, 415, 'UNSUPPORTED_MEDIA_TYPE')
})

test.for([
  ['/api/v1/items/victim', '{"cat":{"f1":9}}'],
  ['/api/v1/items', '{"victim":{"cat":{"f1":9}}}'],
  ['/api/v1/get/item/victim', '{"cat":[]}'],
  ['/api/v1/get/items', '{"identifiers":["victim"],"categories":{"cat":[]}}'],
] as const)('a merge patch posted to %s, which is none there, is 415', async ([url, body]) => {
  const reply = await refused('POST', url, body, { 'content-type': MERGE_PATCH })

  expectProblem(reply, 415, 'UNSUPPORTED_MEDIA_TYPE')
})

test.for(BAD_PATHS.map((bad) => [bad[0].slice(0, 60), ...bad] as const))(
  'PATCH %s is refused and changes nothing',
  async (bad) => {
    const [, url, status, code, at] = bad
    const reply = await refused('PATCH', url, '{"f1":9}')

    expectProblem(reply, status, code)
    if (at !== undefined) expect(reply.json).toHaveProperty('errors.0.path', at)
  },
)
