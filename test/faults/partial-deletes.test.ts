import { beforeEach, expect, test } from 'vitest'
import type { ProblemCode } from '../../src/errors.ts'
import { categoryOf, refusal, throttling } from '../support/dynamodb-replies.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { deleteEntity } from '../support/item-changes.ts'
import { type Call, passEverything, type ScriptedDynamoDB, type ScriptedReply } from '../support/scripted-dynamodb.ts'
import { startProxiedService, waitBeforeRetries } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'

const DELETED = { status: 'deleted' }

/** What befalls the delete of a category, by its name; any other is passed on. */
const FATES: Record<string, (call: Call) => ScriptedReply> = {
  throttled: () => throttling,
  hung: () => 'hang',
  broken: () => refusal('InternalServerError', 'Internal server error', 500),
  denied: () => refusal('AccessDeniedException'),
  notValid: () => refusal('ValidationException', 'One or more parameter values were not valid'),
  lostThenThrottled: ({ attempt }) => (attempt === 1 ? 'reset' : throttling),
  lostThenFine: ({ attempt }) => (attempt === 1 ? 'reset' : 'pass'),
}

const RESULTS: Record<string, { status: string; code: ProblemCode }> = {
  throttled: { status: 'failed', code: 'STORE_THROTTLED' },
  hung: { status: 'unknown', code: 'DEADLINE_EXCEEDED' },
  broken: { status: 'unknown', code: 'STORE_UNAVAILABLE' },
  denied: { status: 'failed', code: 'STORE_UNAVAILABLE' },
  notValid: { status: 'failed', code: 'INTERNAL' },
  lostThenThrottled: { status: 'unknown', code: 'STORE_THROTTLED' },
}

const DELETES: { fates: string[]; status: number; code: ProblemCode }[] = [
  { fates: ['throttled', 'hung', 'notValid'], status: 504, code: 'DEADLINE_EXCEEDED' },
  { fates: ['notValid', 'throttled'], status: 503, code: 'STORE_THROTTLED' },
  { fates: ['broken', 'denied'], status: 503, code: 'STORE_UNAVAILABLE' },
  { fates: ['notValid'], status: 500, code: 'INTERNAL' },
  { fates: ['lostThenThrottled'], status: 503, code: 'STORE_THROTTLED' },
]

let dynamodb: ScriptedDynamoDB
let service: TestService
let close: () => Promise<void>

// A service for each test, as the SDK stops retrying after many failures.
beforeEach(async () => {
  ;({ dynamodb, service, close } = await startProxiedService({ app: { requestTimeoutMs: 1000 } }))
  return close
})

function befall(call: Call): ScriptedReply {
  return call.operation === 'UpdateItem' ? (FATES[categoryOf(call)]?.(call) ?? 'pass') : 'pass'
}

async function write(categories: readonly string[]): Promise<void> {
  await service.write('user', Object.fromEntries(categories.map((category) => [category, { f: category }])))
}

test.for(DELETES)(
  'a delete of an entity of fine categories and $fates is $status, and each result is told',
  async ({ fates, status, code }) => {
    await write(['fine1', ...fates, 'fine2'])
    waitBeforeRetries('never')
    dynamodb.use(befall)

    const reply = await deleteEntity(service, 'user')

    const { results } = expectProblem(reply, status, code)
    const others = Object.fromEntries(fates.map((name) => [name, RESULTS[name]]))
    expect(results).toEqual({ fine1: DELETED, ...others, fine2: DELETED })
    dynamodb.use(passEverything)
    const reads = await Promise.all(['fine1', ...fates, 'fine2'].map((category) => service.read('user', category)))
    expect(reads.map((read) => read.status)).toEqual([404, ...fates.map(() => 200), 404])
  },
)

test('a category whose first attempt got no reply and whose second succeeded is deleted', async () => {
  await write(['lostThenFine', 'fine'])
  waitBeforeRetries('never')
  dynamodb.use(befall)

  const reply = await deleteEntity(service, 'user')

  expect(reply).toMatchObject({ status: 200, json: { deleted: 2 } })
})

test('sending a partly failed delete again completes it, and counts what was left', async () => {
  await write(['fine', 'throttled', 'denied'])
  waitBeforeRetries('never')
  dynamodb.use(befall)
  await deleteEntity(service, 'user')
  dynamodb.use(passEverything)

  const reply = await deleteEntity(service, 'user')

  expect(reply).toMatchObject({ status: 200, json: { deleted: 2 } })
})
