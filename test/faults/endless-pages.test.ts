import { expect, test } from 'vitest'
import type { ProblemCode } from '../../src/errors.ts'
import { firstCursor, readPage } from '../support/entity-calls.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { keyOf, queryReply } from '../support/query-replies.ts'
import type { Call, Script } from '../support/scripted-dynamodb.ts'
import { startScriptedService } from '../support/scripted-service.ts'

const SHORT_DEADLINE = { app: { requestTimeoutMs: 300 } }

/** Empty pages, each of which says that more follows, in their order. */
function goesOn({ number }: Call) {
  return queryReply([], keyOf(`cat-${String(number).padStart(9, '0')}`))
}

test('empty pages without an end are an error at the deadline, never 404 and never the last page', async () => {
  const { service, dynamodb } = await startScriptedService(goesOn, SHORT_DEADLINE)

  const reply = await readPage(service, 'user')

  expect([503, 504]).toContain(reply.status)
  expectProblem(reply, reply.status, (reply.json as { code: ProblemCode }).code)
  expect(dynamodb.calls().length).toBeGreaterThan(2)
})

test('empty pages without an end behind a cursor are an error, too', async () => {
  const script: Script = (call) => (call.number === 1 ? queryReply(['a', 'b'], keyOf('b')) : goesOn(call))
  const { service } = await startScriptedService(script, SHORT_DEADLINE)
  const cursor = await firstCursor(service, 'user', { limit: 1 })

  const reply = await readPage(service, 'user', { cursor })

  expect([503, 504]).toContain(reply.status)
})

test('when the deadline has passed, no more pages are asked for', async () => {
  const { service, dynamodb } = await startScriptedService(goesOn, SHORT_DEADLINE)

  await readPage(service, 'user')

  let callsBefore = -1
  async function isQuiet(): Promise<boolean> {
    const wasQuiet = callsBefore === dynamodb.calls().length
    callsBefore = dynamodb.calls().length
    return wasQuiet
  }
  await expect.poll(isQuiet, { interval: 50 }).toBe(true)
  expect(dynamodb.inFlight('Query')).toBe(0)
})

test('a page that hangs behind empty ones is 504', async () => {
  const { service } = await startScriptedService((call) => (call.number < 3 ? goesOn(call) : 'hang'), SHORT_DEADLINE)

  expectProblem(await readPage(service, 'user'), 504, 'DEADLINE_EXCEEDED')
})

test('no reply to a Query until the deadline is 504', async () => {
  const { service } = await startScriptedService(() => 'hang', SHORT_DEADLINE)

  const reply = await readPage(service, 'user')

  expect(expectProblem(reply, 504, 'DEADLINE_EXCEEDED').detail).not.toMatch(/may or may not have been applied/)
})

test('a reply that stalls half-way until the deadline is 504', async () => {
  const { service } = await startScriptedService(() => ({ status: 200, text: '{"Items":[', ending: 'stalls' }), SHORT_DEADLINE)

  expectProblem(await readPage(service, 'user'), 504, 'DEADLINE_EXCEEDED')
})
