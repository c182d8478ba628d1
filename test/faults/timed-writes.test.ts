import { DeleteItemCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { throttling } from '../support/dynamodb-replies.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { FUTURE_MS } from '../support/future-time.ts'
import { passEverything, type Script, type ScriptedDynamoDB, type ScriptedReply } from '../support/scripted-dynamodb.ts'
import { startProxiedService, waitBeforeRetries } from '../support/scripted-service.ts'
import type { Item, TestService } from '../support/test-service.ts'
import { writeWith } from '../support/timed-writes.ts'

const EVENT = '2025-10-07T07:00:00.000Z'

let dynamodb: ScriptedDynamoDB
let service: TestService
let close: () => Promise<void>
let nowMs = FUTURE_MS
let count = 0
let identifier: string

beforeAll(async () => {
  const options = { now: () => new Date(nowMs), attemptTimeoutMs: 300, app: { requestTimeoutMs: 700 } }
  ;({ dynamodb, service, close } = await startProxiedService(options))
})

beforeEach(() => {
  count += 1
  identifier = `entity-${count}`
  nowMs += 10_000
  dynamodb.use(passEverything)
  waitBeforeRetries('never')
})

afterAll(async () => {
  await close()
})

async function writeExpired(): Promise<void> {
  await writeWith(service, identifier, { cat: { f: 'expired' } }, { ttl: 1, event_time: EVENT })
  nowMs += 5000
}

/** Answers every call of an operation so, from the n-th on; all others pass. */
function answerFrom(n: number, operation: string, reply: ScriptedReply): Script {
  let met = 0
  return (call) => {
    if (call.operation !== operation) return 'pass'
    met += 1
    return met < n ? 'pass' : reply
  }
}

const LOOKS: [string, ScriptedReply, number, string][] = [
  ['throttled', throttling, 503, 'STORE_THROTTLED'],
  ['broken off', 'reset', 503, 'STORE_UNAVAILABLE'],
  ['not answered', 'hang', 504, 'DEADLINE_EXCEEDED'],
]

test.for(LOOKS)('a write that cannot see why it was refused, as the look is %s, has failed and changes nothing', async (look) => {
  const [, reply, status, code] = look
  await writeExpired()
  const before = await service.dump()
  dynamodb.use(answerFrom(1, 'GetItem', reply))

  const refused = await service.write(identifier, { cat: { f: 'new' } })

  expect(refused).toMatchObject({ status, json: { code, results: { cat: { status: 'failed', code } } } })
  expect(await service.dump()).toBe(before)
})

test.for([
  ['throttled', throttling, 503, 'STORE_THROTTLED', 'failed'],
  ['not answered', 'hang', 504, 'DEADLINE_EXCEEDED', 'unknown'],
  ['applied and not answered', 'apply, then hang', 504, 'DEADLINE_EXCEEDED', 'unknown'],
] as const)('a new life whose second update is %s is answered truly', async ([, reply, status, code, fate]) => {
  await writeExpired()
  dynamodb.use(answerFrom(2, 'UpdateItem', reply))

  const answer = await service.write(identifier, { cat: { f: 'new' } })

  expect(answer).toMatchObject({ status, json: { code, results: { cat: { status: fate, code } } } })
  dynamodb.use(passEverything)
  const { json } = await service.read(identifier, 'cat')
  expect(json).toMatchObject(reply === 'apply, then hang' ? { features: { data: { f: 'new' } } } : { code: 'ITEM_NOT_FOUND' })
})

/** A life of somebody else's, which began now. */
function begunAnew(): Item {
  return {
    bright_uid: { S: identifier },
    category: { S: 'cat' },
    version: { N: String(nowMs) },
    event_time: { N: String(Date.parse(EVENT)) },
    created_at: { S: new Date(nowMs).toISOString() },
    features: { M: { data: { M: { f: { S: 'other' } } }, metadata: { M: {} } } },
  }
}

test('a write over an expired item is stale when another has begun anew since it looked, with a newer event time', async () => {
  await writeExpired()
  dynamodb.use(async ({ operation, number }): Promise<ScriptedReply> => {
    if (operation === 'UpdateItem' && number > 1) await service.put(begunAnew())
    return 'pass'
  })

  const reply = await writeWith(service, identifier, { cat: { f: 'new' } }, { event_time: 1 })

  expect(expectProblem(reply, 409, 'STALE_WRITE')).toMatchObject({ stored_event_time: EVENT })
  expect((await service.read(identifier, 'cat')).json).toHaveProperty('features.data', { f: 'other' })
})

test('a write over an expired item that DynamoDB deletes in the midst of it begins a new life all the same', async () => {
  await writeExpired()
  const Key = { bright_uid: { S: identifier }, category: { S: 'cat' } }
  dynamodb.use(async ({ operation, number }): Promise<ScriptedReply> => {
    const TableName = service.tableNames.bright_uid
    if (operation === 'UpdateItem' && number === 3) await service.store.client.send(new DeleteItemCommand({ TableName, Key }))
    return 'pass'
  })

  const reply = await service.write(identifier, { cat: { f: 'new' } })

  expect(reply.status).toBe(200)
  const { json } = await service.read(identifier, 'cat')
  const now = new Date(nowMs).toISOString()
  expect(json).toMatchObject({ features: { data: { f: 'new' }, metadata: { created_at: now, updated_at: now } } })
})
