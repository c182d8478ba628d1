import { afterAll, beforeAll, expect, test } from 'vitest'
import { refusal } from '../support/dynamodb-replies.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { passEverything, type Script, type ScriptedDynamoDB, type ScriptedReply } from '../support/scripted-dynamodb.ts'
import { startProxiedService, waitBeforeRetries } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'

let dynamodb: ScriptedDynamoDB
let service: TestService
let close: () => Promise<void>

beforeAll(async () => {
  ;({ dynamodb, service, close } = await startProxiedService())
})

afterAll(async () => {
  await close()
})

/** The first attempt is applied and its reply lost, each one after it is answered so. */
function appliedThen(reply: ScriptedReply): Script {
  return ({ number }) => (number === 1 ? 'apply, then reset' : reply)
}

test('a write that was applied before a refusal that is a bug of ours is unknown, and 500', async () => {
  waitBeforeRetries('never')
  dynamodb.use(appliedThen(refusal('ValidationException')))

  const reply = await service.write('bug', { cat: { f: 1 } })

  expect(expectProblem(reply, 500, 'INTERNAL').results).toEqual({ cat: { status: 'unknown', code: 'INTERNAL' } })
})

test.for([
  ['a page of a gateway', { status: 404, text: '<html>no such page</html>' }],
  ['a bare 400', { status: 400, text: '' }],
  ['a 408', { status: 408, text: '{}' }],
  ['a bare 429', { status: 429, text: '{}' }],
  ['a throttling with a status of 5xx', refusal('ThrottlingException', 'slow', 500)],
] as const)('a write that was applied and answered with %s, which is no proof, is unknown', async ([what, page]) => {
  waitBeforeRetries('never')
  dynamodb.use(() => ({ applyThen: page }))

  const reply = await service.write(what, { cat: { f: 1 } })

  expect(reply.status).toBe(503)
  expect(reply.json).toMatchObject({ results: { cat: { status: 'unknown' } } })
  dynamodb.use(passEverything)
  expect(await service.stored(what, 'cat')).toBeDefined()
})

test.for(['ProvisionedThroughputExceededException', 'AccessDeniedException', 'ResourceNotFoundException'])(
  'a write that DynamoDB refused by %s was not applied',
  async (exception) => {
    waitBeforeRetries('never')
    dynamodb.use(() => refusal(exception))

    const reply = await service.write('refused', { cat: { f: 1 } })

    expect(reply.json).toMatchObject({ status: 503, results: { cat: { status: 'failed' } } })
  },
)
