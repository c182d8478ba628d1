import { beforeEach, expect, test } from 'vitest'
import type { ProblemCode } from '../../src/errors.ts'
import { categoryOf, itemTooLarge, refusal, throttling } from '../support/dynamodb-replies.ts'
import { expectProblem } from '../support/expect-problem.ts'
import type { Call, ScriptedDynamoDB, ScriptedReply } from '../support/scripted-dynamodb.ts'
import { passEverything } from '../support/scripted-dynamodb.ts'
import { startProxiedService, startScriptedService, waitBeforeRetries } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'

const REPLACED = { status: 'replaced', feature_count: 1 }

/** What befalls a category, by its name; any other is passed on. */
const FATES: Record<string, (call: Call) => ScriptedReply> = {
  throttled: () => throttling,
  hung: () => 'hang',
  tooLarge: () => itemTooLarge,
  broken: () => refusal('InternalServerError', 'Internal server error', 500),
  denied: () => refusal('AccessDeniedException'),
  notValid: () => refusal('ValidationException', 'One or more parameter values were not valid'),
  lostThenThrottled: ({ attempt }) => (attempt === 1 ? 'reset' : throttling),
  lostThenTooLarge: ({ attempt }) => (attempt === 1 ? 'reset' : itemTooLarge),
  throttledThenHung: ({ attempt }) => (attempt === 1 ? throttling : 'hang'),
  lostThenFine: ({ attempt }) => (attempt === 1 ? 'reset' : 'pass'),
}

const RESULTS: Record<string, { status: string; code: ProblemCode }> = {
  throttled: { status: 'failed', code: 'STORE_THROTTLED' },
  hung: { status: 'unknown', code: 'DEADLINE_EXCEEDED' },
  tooLarge: { status: 'failed', code: 'ITEM_TOO_LARGE' },
  broken: { status: 'unknown', code: 'STORE_UNAVAILABLE' },
  denied: { status: 'failed', code: 'STORE_UNAVAILABLE' },
  notValid: { status: 'failed', code: 'INTERNAL' },
  lostThenThrottled: { status: 'unknown', code: 'STORE_THROTTLED' },
  lostThenTooLarge: { status: 'unknown', code: 'ITEM_TOO_LARGE' },
  throttledThenHung: { status: 'unknown', code: 'DEADLINE_EXCEEDED' },
}

const WRITES: { fates: string[]; status: number; code: ProblemCode }[] = [
  { fates: ['throttled', 'hung', 'tooLarge', 'notValid'], status: 504, code: 'DEADLINE_EXCEEDED' },
  { fates: ['notValid', 'tooLarge', 'throttled'], status: 503, code: 'STORE_THROTTLED' },
  { fates: ['tooLarge', 'broken'], status: 503, code: 'STORE_UNAVAILABLE' },
  { fates: ['tooLarge', 'denied'], status: 503, code: 'STORE_UNAVAILABLE' },
  { fates: ['notValid', 'tooLarge'], status: 413, code: 'ITEM_TOO_LARGE' },
  { fates: ['notValid'], status: 500, code: 'INTERNAL' },
  { fates: ['lostThenThrottled'], status: 503, code: 'STORE_THROTTLED' },
  { fates: ['lostThenTooLarge'], status: 413, code: 'ITEM_TOO_LARGE' },
  { fates: ['throttledThenHung'], status: 504, code: 'DEADLINE_EXCEEDED' },
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
  return FATES[categoryOf(call)]?.(call) ?? 'pass'
}

test.for(WRITES)('a write of fine categories and $fates is $status, and each result is told', async ({ fates, status, code }) => {
  waitBeforeRetries('never')
  dynamodb.use(befall)
  const names = ['fine1', ...fates, 'fine2']

  const reply = await service.write('user', Object.fromEntries(names.map((name) => [name, { f: name }])))

  const { results } = expectProblem(reply, status, code)
  const others = Object.fromEntries(fates.map((name) => [name, RESULTS[name]]))
  expect(results).toEqual({ fine1: REPLACED, ...others, fine2: REPLACED })
  expect(await storedFeatures(['fine1', 'fine2'])).toEqual([{ M: { f: { S: 'fine1' } } }, { M: { f: { S: 'fine2' } } }])
  expect(await storedFeatures(fates)).toEqual(fates.map(() => undefined))
})

async function storedFeatures(categories: readonly string[]) {
  dynamodb.use(passEverything)
  const items = await Promise.all(categories.map((category) => service.stored('user', category)))
  return items.map((item) => item?.features?.M?.data)
}

test('a category whose first attempt got no reply and whose second succeeded is replaced', async () => {
  waitBeforeRetries('never')
  dynamodb.use(befall)

  const reply = await service.write('user', { lostThenFine: { f: 1 } })

  expect(reply).toMatchObject({ status: 200, json: { results: { lostThenFine: REPLACED } } })
  expect(await storedFeatures(['lostThenFine'])).toEqual([{ M: { f: { N: '1' } } }])
})

test('the detail counts what was replaced, what may have been and what was not', async () => {
  waitBeforeRetries('never')
  dynamodb.use(befall)

  const reply = await service.write('user', { fine: { f: 1 }, hung: { f: 1 }, throttled: { f: 1 } })

  const { detail } = expectProblem(reply, 504, 'DEADLINE_EXCEEDED')
  expect(detail).toMatch(/1 replaced, 1 may or may not have been applied, 1 not written/)
  expect(detail).toMatch(/same request again is safe/)
})

test('sending a partly failed write again completes it', async () => {
  waitBeforeRetries('never')
  dynamodb.use(befall)
  const body = { fine: { f: 1 }, throttled: { f: 2 } }
  await service.write('user', body)
  dynamodb.use(passEverything)

  const reply = await service.write('user', body)

  expect(reply.status).toBe(200)
  expect(await storedFeatures(['fine', 'throttled'])).toEqual([{ M: { f: { N: '1' } } }, { M: { f: { N: '2' } } }])
})

test('what a refused connection kept from being sent is failed, not unknown', async () => {
  const { service, dynamodb } = await startScriptedService(passEverything)
  await dynamodb.close()

  const reply = await service.write('user', { one: { f: 1 }, two: { f: 1 } })

  const { results } = expectProblem(reply, 503, 'STORE_UNAVAILABLE')
  const failed = { status: 'failed', code: 'STORE_UNAVAILABLE' }
  expect(results).toEqual({ one: failed, two: failed })
})

test('what waited its turn until the deadline was never sent: failed, not unknown', async () => {
  dynamodb.use(() => 'hang')
  const names = Array.from({ length: 40 }, (_, index) => `category-${index}`)

  const reply = await service.write('user', Object.fromEntries(names.map((name) => [name, { f: 1 }])))

  const { results } = expectProblem(reply, 504, 'DEADLINE_EXCEEDED')
  const sent = new Set(dynamodb.calls().map(categoryOf))
  expect(sent.size).toBe(32)
  expect(results).toEqual(
    Object.fromEntries(names.map((name) => [name, { status: sent.has(name) ? 'unknown' : 'failed', code: 'DEADLINE_EXCEEDED' }])),
  )
})
