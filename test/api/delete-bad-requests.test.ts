import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProblemCode } from '../../src/errors.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

const LONG_IDENTIFIER = 'i'.repeat(2049)
const LONG_CATEGORY = 'c'.repeat(1025)

/** A path, what is said of it, and where the fault is. */
const BAD: [string, number, ProblemCode, string?][] = [
  ['/api/v1/items/victim/cat?table_type=users', 400, 'INVALID_TABLE_TYPE'],
  ['/api/v1/items/victim?table_type=users', 400, 'INVALID_TABLE_TYPE'],
  ['/api/v1/items/victim/cat?table_type=bright_uid&table_type=account_id', 400, 'INVALID_TABLE_TYPE'],
  [`/api/v1/items/${LONG_IDENTIFIER}`, 422, 'VALIDATION_FAILED', 'identifier'],
  [`/api/v1/items/${LONG_IDENTIFIER}/cat`, 422, 'VALIDATION_FAILED', 'identifier'],
  [`/api/v1/items/victim/${LONG_CATEGORY}`, 422, 'VALIDATION_FAILED', 'category'],
  ['/api/v1/items/', 422, 'VALIDATION_FAILED', 'identifier'],
  ['/api/v1/items//cat', 422, 'VALIDATION_FAILED', 'identifier'],
  ['/api/v1/items/%zz/cat', 400, 'MALFORMED_URL'],
  ['/api/v1/items/victim/%FF', 400, 'MALFORMED_URL'],
]

let service: TestService

beforeAll(async () => {
  service = await startTestService()
  await service.write('victim', { cat: { f: 1 }, other: { f: 2 } })
})

afterAll(async () => {
  await service.close()
})

test.for(BAD.map((bad) => [bad[0].slice(0, 60), ...bad] as const))('DELETE %s is refused and deletes nothing', async (bad) => {
  const [, url, status, code, at] = bad
  const before = await service.dump()

  const reply = await service.request('DELETE', url)

  expectProblem(reply, status, code)
  if (at !== undefined) expect(reply.json).toHaveProperty('errors.0.path', at)
  expect(await service.dump()).toBe(before)
})

// An empty category would make a delete of everything out of a template with a variable that is not set.
test('an empty category in the path is refused, and never a delete of the entity', async () => {
  const before = await service.dump()

  const reply = await service.request('DELETE', '/api/v1/items/victim/')

  expectProblem(reply, 422, 'VALIDATION_FAILED')
  expect(reply.json).toHaveProperty('errors.0.path', 'category')
  expect(await service.dump()).toBe(before)
})

test('a delete whose client names a content type, and sends no body, is a delete', async () => {
  await service.write('typed', { cat: { f: 1 } })

  const reply = await service.request('DELETE', '/api/v1/items/typed/cat', undefined, { 'content-type': 'application/json' })

  expect(reply).toMatchObject({ status: 200, json: { deleted: 1 } })
})
