import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { openEmbeddedStore } from '../../src/dynamodb/embedded-store.ts'
import { itemOf, refusal, success, throttling } from '../support/dynamodb-replies.ts'
import { expectProblem } from '../support/expect-problem.ts'
import type { Call, ScriptedReply } from '../support/scripted-dynamodb.ts'
import { startScriptedService, waitBeforeRetries } from '../support/scripted-service.ts'
import { startTestService } from '../support/test-service.ts'

const SHORT_DEADLINE = { app: { requestTimeoutMs: 300 } }
const SHORT_ATTEMPTS = { attemptTimeoutMs: 300, app: { requestTimeoutMs: 3000 } }

const MAYBE_APPLIED = /may or may not have been applied/

/** Half a reply, and then nothing. */
const stalledBody: ScriptedReply = { status: 200, text: '{"Item":{', ending: 'stalls' }

const SILENCES: [string, ScriptedReply][] = [
  ['no reply', 'hang'],
  ['a body that stalls', stalledBody],
]

/** What a store that has the category answers. */
function whole({ operation }: Call): ScriptedReply {
  return success(operation === 'GetItem' ? { Item: itemOf('category') } : {})
}

test.for(SILENCES)('a read of one category with %s until the deadline is 504', async ([_, silence]) => {
  const { service } = await startScriptedService(() => silence, SHORT_DEADLINE)

  const reply = await service.read('user', 'category')

  const { detail } = expectProblem(reply, 504, 'DEADLINE_EXCEEDED')
  expect(detail).not.toMatch(MAYBE_APPLIED)
})

test.for(SILENCES)('a read of several categories with %s until the deadline is 504', async ([_, silence]) => {
  const { service } = await startScriptedService(() => silence, SHORT_DEADLINE)

  const reply = await service.filter('user', { category: [], other: [] })

  expectProblem(reply, 504, 'DEADLINE_EXCEEDED')
})

test.for(SILENCES)('a write with %s until the deadline is 504 and may have been applied', async ([_, silence]) => {
  const { service } = await startScriptedService(() => silence, SHORT_DEADLINE)

  const reply = await service.write('user', { category: { f: 1 } })

  const { detail, results } = expectProblem(reply, 504, 'DEADLINE_EXCEEDED')
  expect(detail).toMatch(MAYBE_APPLIED)
  expect(results).toEqual({ category: { status: 'unknown', code: 'DEADLINE_EXCEEDED' } })
})

test.for([
  ['throttled', 'STORE_THROTTLED', throttling],
  ['answered with an internal error', 'STORE_UNAVAILABLE', refusal('InternalServerError', 'Internal server error', 500)],
] as const)('a read %s whose deadline ends the backoff is 503', async ([_, code, trouble]) => {
  const { service } = await startScriptedService(() => trouble, SHORT_DEADLINE)
  waitBeforeRetries('past the deadline')

  const reply = await service.read('user', 'category')

  expectProblem(reply, 503, code)
})

test.for(SILENCES)(
  'a deadline that ends the backoff after an attempt with %s is 504: there is no last reply',
  async ([_, silence]) => {
    const { service } = await startScriptedService(() => silence, { attemptTimeoutMs: 100, app: { requestTimeoutMs: 500 } })
    waitBeforeRetries('past the deadline')

    const reply = await service.read('user', 'category')

    expectProblem(reply, 504, 'DEADLINE_EXCEEDED')
  },
)

test('a throttled write whose deadline ends the backoff is 503 and was not applied', async () => {
  const { service, dynamodb } = await startScriptedService(() => throttling, SHORT_DEADLINE)
  waitBeforeRetries('past the deadline')

  const reply = await service.write('user', { category: { f: 1 } })

  const { results, detail } = expectProblem(reply, 503, 'STORE_THROTTLED')
  expect(results).toEqual({ category: { status: 'failed', code: 'STORE_THROTTLED' } })
  expect(detail).not.toMatch(MAYBE_APPLIED)
  expect(dynamodb.calls()).toHaveLength(1)
})

test.for(SILENCES)('an attempt with %s ends at its own time limit, and the next one reads', async ([_, silence]) => {
  const { service, dynamodb } = await startScriptedService((call) => (call.attempt === 1 ? silence : whole(call)), SHORT_ATTEMPTS)

  const reply = await service.read('user', 'category')

  expect(reply.json).toMatchObject({ features: { data: { name: 'category' } } })
  expect(dynamodb.calls()).toHaveLength(2)
})

test.for(SILENCES)('an attempt with %s ends at its own time limit, and the next one writes', async ([_, silence]) => {
  const { service, dynamodb } = await startScriptedService((call) => (call.attempt === 1 ? silence : whole(call)), SHORT_ATTEMPTS)

  const reply = await service.write('user', { category: { f: 1 } })

  expect(reply.json).toMatchObject({ results: { category: { status: 'replaced' } } })
  expect(dynamodb.calls()).toHaveLength(2)
})

test.for(SILENCES)('what waits for a store with %s is let go at the deadline', async ([_, silence]) => {
  const { service, dynamodb } = await startScriptedService(() => silence, SHORT_DEADLINE)

  await service.read('user', 'category')

  await expect.poll(() => dynamodb.inFlight('GetItem')).toBe(0)
})

test('deadlines in the middle of writes to the embedded store break nothing', async () => {
  const { embedded, patient } = await startOnEmbedded()
  const hurried = await startTestService({ endpoint: embedded.endpoint, app: { requestTimeoutMs: 30 } })
  onTestFinished(hurried.close)
  const categories = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`c${index}`, { text: 'x'.repeat(20_000) }]))

  const replies = await Promise.all(Array.from({ length: 10 }, (_, index) => hurried.write(`user-${index}`, categories)))

  for (const reply of replies) expectProblem(reply, 504, 'DEADLINE_EXCEEDED')
  expect(await patient.write('user', { category: { f: 1 } })).toMatchObject({ status: 200 })
  expect(await patient.read('user', 'category')).toMatchObject({ status: 200, json: { features: { data: { f: 1 } } } })
})

test('a request cut off before its end breaks nothing in the embedded store', async () => {
  const { embedded, patient } = await startOnEmbedded()
  const socket = connect(Number(new URL(embedded.endpoint).port), '127.0.0.1')
  const hungUp = once(socket, 'close')
  // The store says `continue` when it has the headers, and then waits for a body of which half comes.
  socket.write('POST / HTTP/1.1\r\nhost: store\r\nexpect: 100-continue\r\ncontent-length: 100\r\n\r\n{"TableName":')
  await once(socket, 'data')

  socket.resetAndDestroy()
  await hungUp

  expect(await patient.write('user', { category: { f: 1 } })).toMatchObject({ status: 200 })
  expect(await patient.read('user', 'category')).toMatchObject({ status: 200, json: { features: { data: { f: 1 } } } })
})

async function startOnEmbedded() {
  const embedded = await openEmbeddedStore('memory')
  onTestFinished(embedded.close)
  const patient = await startTestService({ endpoint: embedded.endpoint })
  onTestFinished(patient.close)
  return { embedded, patient }
}
