import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ProblemCode } from '../../src/errors.ts'
import { refusal, throttling } from '../support/dynamodb-replies.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { deleteItem, patchItem } from '../support/item-changes.ts'
import {
  type Call,
  passEverything,
  type Script,
  type ScriptedDynamoDB,
  type ScriptedReply,
} from '../support/scripted-dynamodb.ts'
import { startProxiedService, waitBeforeRetries } from '../support/scripted-service.ts'
import { createSteppingClock } from '../support/stepping-clock.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

let dynamodb: ScriptedDynamoDB
let service: TestService
let close: () => Promise<void>
/** On the same tables, and nothing befalls it. */
let other: TestService
let identifier: string

beforeAll(async () => {
  const { now } = createSteppingClock()
  ;({ dynamodb, service, close } = await startProxiedService({ now, app: { requestTimeoutMs: 800 } }))
  const { tableNames } = service
  other = await startTestService({ endpoint: dynamodb.url, createTables: false, tableNames, now })
})

beforeEach(() => {
  identifier = randomUUID()
  dynamodb.use(passEverything)
})

afterAll(async () => {
  await other.close()
  await close()
})

/** The UpdateItem that is to merge finds nothing there; this befalls the one that is to create. */
function befallCreation(befall: (call: Call) => ScriptedReply): Script {
  const bodies = new Set<string>()
  return (call) => {
    if (call.operation !== 'UpdateItem') return 'pass'
    bodies.add(JSON.stringify(call.body))
    return bodies.size > 1 ? befall(call) : 'pass'
  }
}

/** Begins a merge into nothing; resolves with its answer to come and what creates the category, held back. */
async function beginCreation(patch: object) {
  dynamodb.use(befallCreation(() => 'hold'))
  const answered = patchItem(service, identifier, 'cat', patch)
  const [creation] = await dynamodb.holding()
  dynamodb.use(passEverything)
  return { answered, release: async () => creation?.release() }
}

async function dataNow(): Promise<unknown> {
  const { json } = await other.read(identifier, 'cat')
  return (json as { features?: { data: unknown } }).features?.data
}

test('a category that another one wrote in the meantime is merged into, and not overwritten', async () => {
  const { answered, release } = await beginCreation({ merged: 1, gone: null })
  await other.write(identifier, { cat: { written: 2, gone: 2 } })

  await release()

  expect(await answered).toMatchObject({ status: 200, json: { results: { cat: { status: 'merged' } } } })
  expect(await dataNow()).toEqual({ merged: 1, written: 2 })
})

test('of two merges that find nothing at once, both are there', async () => {
  const { answered, release } = await beginCreation({ first: 1, both: 'first' })
  const second = await patchItem(other, identifier, 'cat', { second: 2, both: 'second' })

  await release()

  expect([second.status, (await answered).status]).toEqual([200, 200])
  expect(await dataNow()).toEqual({ first: 1, second: 2, both: 'first' })
})

test('a category that was written and deleted in the meantime is created', async () => {
  const { answered, release } = await beginCreation({ merged: 1 })
  await other.write(identifier, { cat: { written: 2 } })
  await deleteItem(other, identifier, 'cat')

  await release()

  expect((await answered).status).toBe(200)
  expect(await dataNow()).toEqual({ merged: 1 })
})

test('a creation that was given up on, and comes after the category was deleted, does not bring it back', async () => {
  const { answered, release } = await beginCreation({ merged: 1 })
  expectProblem(await answered, 504, 'DEADLINE_EXCEEDED')
  await deleteItem(other, identifier, 'cat')

  await release()

  expect(await other.read(identifier, 'cat')).toMatchObject({ status: 404 })
})

test('a creation that was given up on, and comes after another write, changes nothing', async () => {
  const { answered, release } = await beginCreation({ merged: 1 })
  expectProblem(await answered, 504, 'DEADLINE_EXCEEDED')
  await other.write(identifier, { cat: { written: 2 } })

  await release()

  expect(await dataNow()).toEqual({ written: 2 })
})

test.for<[string, ScriptedReply, number, ProblemCode, 'failed' | 'unknown']>([
  ['is throttled', throttling, 503, 'STORE_THROTTLED', 'failed'],
  ['is refused for a lack of rights', refusal('AccessDeniedException'), 503, 'STORE_UNAVAILABLE', 'failed'],
  ['is never answered', 'hang', 504, 'DEADLINE_EXCEEDED', 'unknown'],
  ['breaks off', 'reset', 503, 'STORE_UNAVAILABLE', 'unknown'],
  ['is an internal error', refusal('InternalServerError', 'no', 500), 503, 'STORE_UNAVAILABLE', 'unknown'],
])('a merge into nothing whose creation %s is %i %s and %s', async ([_, reply, status, code, told]) => {
  waitBeforeRetries('never')
  dynamodb.use(befallCreation(() => reply))

  const answer = await patchItem(service, identifier, 'cat', { merged: 1 })

  expect(expectProblem(answer, status, code).results).toEqual({ cat: { status: told, code } })
  dynamodb.use(passEverything)
  expect(await dataNow()).toBeUndefined()
})

test('a creation whose first attempts fail is tried again', async () => {
  waitBeforeRetries('never')
  const faults: ScriptedReply[] = [throttling, 'reset']
  dynamodb.use(befallCreation(() => faults.shift() ?? 'pass'))

  const reply = await patchItem(service, identifier, 'cat', { merged: 1 })

  expect(reply.status).toBe(200)
  expect(await dataNow()).toEqual({ merged: 1 })
})

test('a merge that was applied, and whose next attempt finds itself overtaken by that, is not taken for one into nothing', async () => {
  await service.write(identifier, { cat: { before: 1 } })
  waitBeforeRetries('never')
  dynamodb.use(({ operation, number }) => (operation === 'UpdateItem' && number === 1 ? 'apply, then reset' : 'pass'))

  const reply = await patchItem(service, identifier, 'cat', { merged: 1 })

  expect(reply.status).toBe(200)
  expect(await dataNow()).toEqual({ before: 1, merged: 1 })
})
