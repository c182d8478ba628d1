import { expect, test } from 'vitest'
import { conditionFailed, itemOf, refusal, success, throttling } from '../support/dynamodb-replies.ts'
import type { Call, ScriptedReply } from '../support/scripted-dynamodb.ts'
import { startScriptedService } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'

const BUDGET_TOKENS = 500
const RETRY_TOKENS = 5
const TIMEOUT_RETRY_TOKENS = 10

const internalError = refusal('InternalServerError', 'broken', 500)
const whole = ({ operation }: Call) => success(operation === 'GetItem' ? { Item: itemOf('category') } : {})

async function readTimes(service: TestService, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await service.read('user', 'category')
}

/** The attempts that one more read takes. */
async function attemptsOfNextRead({ service, dynamodb }: Awaited<ReturnType<typeof startScriptedService>>): Promise<number> {
  const before = dynamodb.calls().length
  await service.read('user', 'category')
  return dynamodb.calls().length - before
}

test.for([
  ['throttled', throttling],
  ['answered with an internal error', internalError],
] as [string, ScriptedReply][])(
  'reads that are %s take three attempts each, until the budget is used up: then one',
  async ([_, reply]) => {
    const started = await startScriptedService(() => reply)
    const readsInBudget = BUDGET_TOKENS / (2 * RETRY_TOKENS)

    await readTimes(started.service, readsInBudget)
    const attempts = started.dynamodb.calls().length

    expect(attempts).toBe(3 * readsInBudget)
    expect(await attemptsOfNextRead(started)).toBe(1)
    expect(await attemptsOfNextRead(started)).toBe(1)
  },
)

// The SDK takes a connection that breaks off for one that ran out of time.
test.for(['hang', 'reset'] as const)(
  'a retry after an attempt that met with %s takes twice as much of the budget',
  async (reply) => {
    const reads = 40
    const { service, dynamodb } = await startScriptedService(() => reply, { attemptTimeoutMs: 300, coalesceReads: false })

    await Promise.all(Array.from({ length: reads }, () => service.read('user', 'category')))

    expect(dynamodb.calls()).toHaveLength(reads + BUDGET_TOKENS / TIMEOUT_RETRY_TOKENS)
  },
)

test('reads and writes have one budget', async () => {
  const started = await startScriptedService(() => throttling)
  const categories = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`category-${index}`, { f: 1 }]))

  await started.service.write('user', categories)
  const attempts = started.dynamodb.calls().length

  expect(attempts).toBe(60 + BUDGET_TOKENS / RETRY_TOKENS)
  expect(await attemptsOfNextRead(started)).toBe(1)
})

test('successes bring the retries back: five for each', async () => {
  const started = await startScriptedService(() => throttling)
  const { service, dynamodb } = started
  await readTimes(service, BUDGET_TOKENS / (2 * RETRY_TOKENS))

  dynamodb.use(whole)
  await readTimes(service, RETRY_TOKENS)
  dynamodb.use(() => throttling)
  const afterFive = await attemptsOfNextRead(started)
  dynamodb.use(whole)
  await readTimes(service, 2 * RETRY_TOKENS)
  dynamodb.use(() => throttling)
  const afterTen = await attemptsOfNextRead(started)

  expect([afterFive, afterTen]).toEqual([2, 3])
})

test('retries that succeed cost nothing: a store that fails every other time never uses the budget up', async () => {
  const reads = 2 * (BUDGET_TOKENS / RETRY_TOKENS)
  const { service, dynamodb } = await startScriptedService((call) => (call.number % 2 === 1 ? throttling : whole(call)))
  const statuses = new Set<number>()

  for (let index = 0; index < reads; index += 1) statuses.add((await service.read('user', 'category')).status)

  expect([...statuses]).toEqual([200])
  expect(dynamodb.calls()).toHaveLength(2 * reads)
})

test('retries that end in a condition that does not hold cost nothing: the store has answered', async () => {
  const writes = 2 * (BUDGET_TOKENS / RETRY_TOKENS)
  const stale = conditionFailed({ ...itemOf('category'), version: { N: '1' }, event_time: { N: '2000' } })
  const { service } = await startScriptedService((call) => (call.number % 2 === 1 ? throttling : stale))
  const statuses = new Set<number>()

  for (let index = 0; index < writes; index += 1) {
    statuses.add((await service.request('POST', '/api/v1/items/user?event_time=1000', { category: { f: 1 } })).status)
  }

  expect([...statuses]).toEqual([409])
})

test('without a budget the first failure is the answer, true as ever', async () => {
  const { service, dynamodb } = await startScriptedService(() => throttling)
  await readTimes(service, BUDGET_TOKENS / (2 * RETRY_TOKENS))
  dynamodb.use((call) => (call.attempt === 1 ? internalError : whole(call)))

  const read = await service.read('user', 'category')
  const write = await service.write('user', { category: { f: 1 } })

  expect(read).toMatchObject({ status: 503, json: { code: 'STORE_UNAVAILABLE' } })
  expect(write).toMatchObject({ status: 503, json: { results: { category: { status: 'unknown', code: 'STORE_UNAVAILABLE' } } } })
})
