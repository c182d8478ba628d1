import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { badEntityRequests } from '../support/bad-entity-requests.ts'
import { writeMany } from '../support/entity-calls.ts'
import { expectWholeProblem } from '../support/expect-whole-problem.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

let service: TestService

beforeAll(async () => {
  service = await startTestService()
  await service.write('victim', { cat: { f: 1 } }, 'bright_uid')
  await service.write('victim', { cat: { f: 2 } }, 'account_id')
})

afterAll(async () => {
  await service.close()
})

describe('a bad request answers its status, code and place, and leaves both tables byte for byte as they were', () => {
  test.for(badEntityRequests.map((bad) => [bad.why, bad] as const))('%s', async ([, bad]) => {
    const before = await service.dump()

    const headers = bad.contentType === undefined ? {} : { 'content-type': bad.contentType }
    const reply = await service.request(bad.method, bad.path, bad.body, headers)

    expectWholeProblem(reply, { status: bad.status, code: bad.code, instance: bad.path.split('?')[0] ?? '' })
    if (bad.at !== undefined) expect(reply.json).toHaveProperty('errors.0.path', bad.at)
    expect(await service.dump()).toBe(before)
  })
})

test('every fault of a write of many is named, in the order of the body, and no other place', async () => {
  const reply = await writeMany(
    service,
    '{"victim":{"cat":{"f":9,"g":1e400}},"u1":{},"u2":{"":{}},"u3":{"ok":{"f":1}},"u4":null}',
  )

  expectWholeProblem(reply, { status: 422, code: 'VALIDATION_FAILED' })
  const { errors } = reply.json as { errors: { path: string }[] }
  expect(errors.map(({ path }) => path)).toStrictEqual(['$.victim.cat.g', '$.u1', "$.u2['']", '$.u4'])
})

test('every fault of a read of many is named', async () => {
  const body = '{"identifiers":["victim","",7],"categories":{"cat":null,"":[]},"foo":1}'

  const reply = await service.request('POST', '/api/v1/get/items', body)

  expectWholeProblem(reply, { status: 422, code: 'VALIDATION_FAILED' })
  const { errors } = reply.json as { errors: { path: string }[] }
  expect(errors.map(({ path }) => path).toSorted()).toStrictEqual([
    '$.categories.cat',
    "$.categories['']",
    '$.foo',
    '$.identifiers[1]',
    '$.identifiers[2]',
  ])
})

test.for(['/api/v1/get/items', '/api/v1/items'])('a post to %s with neither body nor content type answers 400', async (url) => {
  const { statusCode, headers, body } = await service.app.inject({ method: 'POST', url })

  expectWholeProblem({ status: statusCode, headers, json: JSON.parse(body) }, { status: 400, code: 'EMPTY_BODY', instance: url })
})
