import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { callsBesideCrowd, gatherCrowd, heldBesideCrowd, readAtOnce, stopTimers, withoutTime } from '../support/crowded-reads.ts'
import { throttling } from '../support/dynamodb-replies.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { passEverything, type ScriptedDynamoDB } from '../support/scripted-dynamodb.ts'
import { startProxiedService, waitBeforeRetries } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'

const MAX_WAIT_MS = 2
const DEADLINE_MS = 2000

let dynamodb: ScriptedDynamoDB
let service: TestService
let close: () => Promise<void>

beforeAll(async () => {
  ;({ dynamodb, service, close } = await startProxiedService({ app: { requestTimeoutMs: DEADLINE_MS } }))
  await service.write('user', { one: { f: 1 }, two: { f: 2 } })
})

beforeEach(() => {
  dynamodb.use(passEverything)
})

afterAll(async () => {
  await close()
})

test('of two readers in one batch, the one whose time is up is told so, and the later one gets its answer', async () => {
  await gatherCrowd({ service, dynamodb }, () => 'hold')
  const timers = stopTimers()
  const early = readAtOnce(service, 'user', ['one', 'two'])
  await withoutTime()
  timers.pass(MAX_WAIT_MS - 1)
  const late = readAtOnce(service, 'user', ['one', 'missing'])
  await withoutTime()
  timers.pass(1)
  const [held] = await heldBesideCrowd(dynamodb)

  timers.pass(DEADLINE_MS - MAX_WAIT_MS)
  const told = await early
  await held?.release()
  const answered = await late

  expect(callsBesideCrowd(dynamodb)).toHaveLength(1)
  for (const reply of told) expectProblem(reply, 504, 'DEADLINE_EXCEEDED')
  expect(answered.map(({ status }) => status)).toEqual([200, 404])
})

test('a batch that hangs is 504 for each at its deadline, and is ended', async () => {
  await gatherCrowd({ service, dynamodb }, () => 'hold')
  const timers = stopTimers()
  const reading = readAtOnce(service, 'user', ['one', 'two', 'one'])
  await withoutTime()
  timers.pass(MAX_WAIT_MS)
  const [held] = await heldBesideCrowd(dynamodb)

  timers.pass(DEADLINE_MS)
  const replies = await reading

  for (const reply of replies) expectProblem(reply, 504, 'DEADLINE_EXCEEDED')
  await held?.givenUp
})

test('a deadline that ends the backoff of a batch that was throttled is 503 for each', async () => {
  await gatherCrowd({ service, dynamodb }, () => throttling)
  waitBeforeRetries('past the deadline')

  const replies = await readAtOnce(service, 'user', ['one', 'two', 'one'])

  for (const reply of replies) expectProblem(reply, 503, 'STORE_THROTTLED')
})

test('reads go on when a store that hung on everything answers again', async () => {
  await gatherCrowd({ service, dynamodb }, () => 'hang')
  const hung = await readAtOnce(service, 'user', ['one', 'two'])
  dynamodb.use(passEverything)

  const replies = await readAtOnce(service, 'user', ['one', 'two', 'missing', 'one', 'two', 'missing', 'one', 'two'])

  expect(hung.map(({ status }) => status)).toEqual([504, 504])
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 404, 200, 200, 404, 200, 200])
})
