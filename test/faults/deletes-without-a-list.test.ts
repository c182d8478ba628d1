import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ProblemCode } from '../../src/errors.ts'
import { refusal, throttling } from '../support/dynamodb-replies.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { deleteEntity } from '../support/item-changes.ts'
import { passEverything, type ScriptedDynamoDB, type ScriptedReply } from '../support/scripted-dynamodb.ts'
import { startProxiedService, waitBeforeRetries } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'

let dynamodb: ScriptedDynamoDB
let service: TestService
let close: () => Promise<void>

beforeAll(async () => {
  ;({ dynamodb, service, close } = await startProxiedService({ app: { requestTimeoutMs: 1000 } }))
})

beforeEach(() => {
  dynamodb.use(passEverything)
})

afterAll(async () => {
  await close()
})

test.for<[string, ScriptedReply, number, ProblemCode]>([
  ['throttled', throttling, 503, 'STORE_THROTTLED'],
  ['broken', refusal('InternalServerError', 'Internal server error', 500), 503, 'STORE_UNAVAILABLE'],
  ['not answered', 'hang', 504, 'DEADLINE_EXCEEDED'],
  ['refused for a lack of rights', refusal('AccessDeniedException'), 503, 'STORE_UNAVAILABLE'],
  ['answered without saying what there is', { status: 200, text: '{}' }, 503, 'STORE_UNAVAILABLE'],
  ['answered null', { status: 200, text: 'null' }, 503, 'STORE_UNAVAILABLE'],
  ['answered nothing', { status: 200, text: '' }, 503, 'STORE_UNAVAILABLE'],
])('a delete of an entity whose categories’ list is %s is an error, and deletes nothing', async ([_, fate, status, code]) => {
  await service.write('user', { cat: { f: 1 } })
  waitBeforeRetries('never')
  dynamodb.use(({ operation }) => (operation === 'Query' ? fate : 'pass'))

  const reply = await deleteEntity(service, 'user')

  expectProblem(reply, status, code)
  dynamodb.use(passEverything)
  expect(await service.read('user', 'cat')).toMatchObject({ status: 200 })
})

test('a delete of an entity whose list breaks off in the middle is an error and never a smaller number', async () => {
  const large = 'x'.repeat(350_000)
  for (const category of ['a', 'b', 'c', 'd']) await service.write('large', { [category]: { large } })
  waitBeforeRetries('never')
  dynamodb.use(({ operation, body }) => (operation === 'Query' && 'ExclusiveStartKey' in body ? throttling : 'pass'))

  const reply = await deleteEntity(service, 'large')

  expectProblem(reply, 503, 'STORE_THROTTLED')
  dynamodb.use(passEverything)
  expect(await service.read('large', 'd')).toMatchObject({ status: 200 })
})
