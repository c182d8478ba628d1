import { expect, test } from 'vitest'
import { askedOf, batch, itemOf, success } from '../support/dynamodb-replies.ts'
import { expectProblem } from '../support/expect-problem.ts'
import type { Call, Script } from '../support/scripted-dynamodb.ts'
import { startScriptedService, waitBeforeRetries } from '../support/scripted-service.ts'

type MappingReply = { items: Record<string, unknown>; missing_categories: string[] }

const CATEGORIES = Array.from({ length: 250 }, (_, index) => `category-${index}`)
const NOT_STORED = CATEGORIES.filter((_, index) => index % 10 === 0)
const STORED = CATEGORIES.filter((category) => !NOT_STORED.includes(category))
const EXPECTED_ITEMS = Object.fromEntries(STORED.map((category) => [category, { features: { data: { name: category } } }]))

function mappingOf(categories: readonly string[]): Record<string, string[]> {
  return Object.fromEntries(categories.map((category) => [category, []]))
}

function storedOf(categories: readonly string[]): string[] {
  return categories.filter((category) => STORED.includes(category))
}

/** Answers the last `count` of the keys asked for, last first, and leaves the others, last first too. */
function answerLast(call: Call, count: number) {
  const { table, categories } = askedOf(call)
  const backwards = categories.toReversed()
  return batch(table, storedOf(backwards.slice(0, count)), backwards.slice(count))
}

const LEFT_OVERS: [string, Script][] = [
  ['a third of the keys at a time', (call) => answerLast(call, Math.ceil(askedOf(call).categories.length / 3))],
  ['one key at a time', (call) => answerLast(call, 1)],
  ['no key at all in every second reply', (call) => answerLast(call, call.number % 2 === 0 ? 40 : 0)],
  ['no key at all in the first six replies', (call) => answerLast(call, call.number <= 6 ? 0 : 100)],
]

test.for(LEFT_OVERS)('a read is complete when DynamoDB leaves all but %s unprocessed', async ([_, script]) => {
  const { service } = await startScriptedService(script)

  const reply = await service.filter('user', mappingOf(CATEGORIES))

  const { items, missing_categories } = reply.json as MappingReply
  expect(reply.status).toBe(200)
  expect(items).toMatchObject(EXPECTED_ITEMS)
  expect(Object.keys(items)).toHaveLength(STORED.length)
  expect(missing_categories).toEqual(NOT_STORED)
})

test('only what was left unprocessed is asked for again', async () => {
  const { service, dynamodb } = await startScriptedService((call) => answerLast(call, 4))

  await service.filter('user', mappingOf(CATEGORIES.slice(0, 10)))

  expect(dynamodb.calls().map((call) => askedOf(call).categories.length)).toEqual([10, 6, 2])
  expect(new Set(askedOf(dynamodb.calls()[1] as Call).categories)).toEqual(new Set(CATEGORIES.slice(0, 6)))
})

test.for([
  ['an empty UnprocessedKeys', { UnprocessedKeys: {} }],
  ['no UnprocessedKeys', {}],
])('a reply with %s is complete', async ([_, rest]) => {
  const { service, dynamodb } = await startScriptedService((call) =>
    success({ Responses: { [askedOf(call).table]: [itemOf('stored')] }, ...(rest as object) }),
  )

  const reply = await service.filter('user', mappingOf(['stored', 'gone']))

  expect(reply.json).toMatchObject({
    items: { stored: { features: { data: { name: 'stored' } } } },
    missing_categories: ['gone'],
  })
  expect(dynamodb.calls()).toHaveLength(1)
})

test('keys left unprocessed and then not found are missing, 404 when all are', async () => {
  const { service, dynamodb } = await startScriptedService((call) => answerLast(call, call.number === 1 ? 0 : 100))

  const reply = await service.filter('user', mappingOf(NOT_STORED))

  expectProblem(reply, 404, 'ITEM_NOT_FOUND')
  expect(dynamodb.calls()).toHaveLength(2)
})

test.for([
  ['every key', 0],
  ['one of the keys', 1],
])('%s left unprocessed until the deadline is 503, never missing', async ([_, remaining]) => {
  const stillUnprocessed: Script = (call) => {
    const { table, categories } = askedOf(call)
    return remaining === 0 ? batch(table, [], categories) : batch(table, storedOf(categories.slice(1)), categories.slice(0, 1))
  }
  const { service } = await startScriptedService(stillUnprocessed, { app: { requestTimeoutMs: 300 } })
  // So the deadline falls into a wait, and not by chance into a call.
  waitBeforeRetries('past the deadline')

  const reply = await service.filter('user', mappingOf(CATEGORIES.slice(0, 10)))

  expectProblem(reply, 503, 'STORE_THROTTLED')
})

test('one of three batches left unprocessed until the deadline fails the whole read', async () => {
  const script: Script = (call) =>
    askedOf(call).categories.includes('category-249') ? answerLast(call, 0) : answerLast(call, 100)
  const { service } = await startScriptedService(script, { app: { requestTimeoutMs: 300 } })
  waitBeforeRetries('past the deadline')

  const reply = await service.filter('user', mappingOf(CATEGORIES))

  expectProblem(reply, 503, 'STORE_THROTTLED')
})
