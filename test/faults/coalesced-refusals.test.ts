import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { callsBesideCrowd, gatherCrowd, keysOf, readAtOnce } from '../support/crowded-reads.ts'
import { askedOf, batch, categoryOf, itemOf, refusal, success, throttling } from '../support/dynamodb-replies.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { type Call, passEverything, type ScriptedDynamoDB, type ScriptedReply } from '../support/scripted-dynamodb.ts'
import { startProxiedService, waitBeforeRetries } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'

const CATEGORIES = ['one', 'two', 'three', 'four']
const INVALID = refusal('ValidationException', 'One or more parameter values were invalid: secret')

let dynamodb: ScriptedDynamoDB
let service: TestService
let close: () => Promise<void>

beforeAll(async () => {
  ;({ dynamodb, service, close } = await startProxiedService({ attemptTimeoutMs: 1000, app: { requestTimeoutMs: 5000 } }))
})

beforeEach(() => {
  waitBeforeRetries('never')
  dynamodb.use(passEverything)
})

afterAll(async () => {
  await close()
})

/** What a store that has all that is asked for answers. */
function whole(call: Call): ScriptedReply {
  if (call.operation === 'GetItem') return success({ Item: itemOf(categoryOf(call)) })
  const { table, categories } = askedOf(call)
  return batch(table, categories)
}

/** What a store that has nothing answers. */
function nothingFor(call: Call): ScriptedReply {
  return call.operation === 'GetItem' ? success({}) : batch(askedOf(call).table, [])
}

test.for<[string, ScriptedReply]>([
  ['throttled', throttling],
  ['answered with an internal error', refusal('InternalServerError', 'broken', 500)],
  ['broken off', 'reset'],
  ['left without an answer', 'hang'],
])('a batch that is %s once is asked for again, and all are answered', async ([_, fault]) => {
  await gatherCrowd({ service, dynamodb }, (call) => (call.attempt === 1 ? fault : whole(call)))

  const replies = await readAtOnce(service, 'user', CATEGORIES)

  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect(callsBesideCrowd(dynamodb).map((call) => keysOf(call).length)).toEqual([4, 4])
})

test.for([
  ['throttled', throttling, 'STORE_THROTTLED'],
  ['answered with an internal error', refusal('InternalServerError', 'broken', 500), 'STORE_UNAVAILABLE'],
  ['refused for a lack of rights', refusal('AccessDeniedException', 'secret'), 'STORE_UNAVAILABLE'],
  ['refused for a missing table', refusal('ResourceNotFoundException', 'secret'), 'STORE_UNAVAILABLE'],
  ['broken off', 'reset', 'STORE_UNAVAILABLE'],
] as const)('when batches are %s every time, each caller is told so', async ([_, fault, code]) => {
  await gatherCrowd({ service, dynamodb }, () => fault)

  const replies = await readAtOnce(service, 'user', CATEGORIES)

  for (const reply of replies) {
    expectProblem(reply, 503, code)
    expect(reply.text).not.toContain('secret')
  }
  expect(new Set(replies.map(({ headers }) => headers['x-request-id'])).size).toBe(CATEGORIES.length)
})

test('a batch that is refused for one key harms none but those that read it', async () => {
  await gatherCrowd({ service, dynamodb }, (call) => (keysOf(call).includes('user/two') ? INVALID : whole(call)))

  const [one, two, three, four, twoAgain] = await readAtOnce(service, 'user', [...CATEGORIES, 'two'])

  expect([one, three, four].map((reply) => reply?.status)).toEqual([200, 200, 200])
  for (const reply of [two, twoAgain]) {
    if (reply === undefined) throw new Error('no reply')
    expectProblem(reply, 500, 'INTERNAL')
    expect(reply.text).not.toContain('secret')
  }
})

test('a batch that is refused as such, and whose keys are sound, is answered key by key', async () => {
  await gatherCrowd({ service, dynamodb }, (call) => {
    if (keysOf(call).length > 1) return INVALID
    return keysOf(call).includes('user/four') ? nothingFor(call) : whole(call)
  })

  const replies = await readAtOnce(service, 'user', CATEGORIES)

  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 404])
})

test('a refusal in the second round, for what was unprocessed, takes nothing back of the first', async () => {
  await gatherCrowd({ service, dynamodb }, (call) => {
    if (keysOf(call).length === 1) return throttling
    return keysOf(call).length === 4 ? batch(askedOf(call).table, ['one', 'two'], ['three', 'four']) : INVALID
  })

  const replies = await readAtOnce(service, 'user', CATEGORIES)

  expect(replies.map(({ status }) => status)).toEqual([200, 200, 503, 503])
})

test('after any refusal reads are answered again, alone and together', async () => {
  await gatherCrowd({ service, dynamodb }, (call) => (call.number < 20 ? INVALID : whole(call)))
  await readAtOnce(service, 'user', CATEGORIES)
  dynamodb.use(whole)

  const alone = await readAtOnce(service, 'user', ['one'])
  const together = await readAtOnce(
    service,
    'user',
    Array.from({ length: 150 }, (_, index) => `cat-${index}`),
  )

  expect(new Set([...alone, ...together].map(({ status }) => status))).toEqual(new Set([200]))
})
