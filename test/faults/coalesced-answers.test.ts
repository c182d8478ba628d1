import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { callsBesideCrowd, gatherCrowd, heldBesideCrowd, keysOf, readAtOnce } from '../support/crowded-reads.ts'
import { askedOf, batch, itemOf, success } from '../support/dynamodb-replies.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { keyOf } from '../support/query-replies.ts'
import { type Call, passEverything, type ScriptedDynamoDB } from '../support/scripted-dynamodb.ts'
import { startProxiedService, waitBeforeRetries } from '../support/scripted-service.ts'
import type { Item, TestService } from '../support/test-service.ts'

const CATEGORIES = ['one', 'two', 'three', 'four']

let dynamodb: ScriptedDynamoDB
let service: TestService
let close: () => Promise<void>

beforeAll(async () => {
  ;({ dynamodb, service, close } = await startProxiedService({ app: { requestTimeoutMs: 1000 } }))
})

beforeEach(() => {
  dynamodb.use(passEverything)
})

afterAll(async () => {
  await close()
})

function statuses(replies: readonly { status: number }[]): number[] {
  return replies.map(({ status }) => status)
}

/** A batch's success with any items of the table. */
function answerWith(call: Call, items: readonly unknown[], others: object = {}) {
  return success({ Responses: { [askedOf(call).table]: items }, UnprocessedKeys: {}, ...others })
}

test.for<[string, Item]>([
  ['a number that is none', { ...itemOf('two'), created_at: { N: 'NaN' } }],
  ['features that are no attribute', { ...itemOf('two'), features: {} as never }],
  ['text that is a number', { ...itemOf('two'), features: { M: { data: { M: { f: { S: 5 } } } } } as never }],
])('an item with %s is 503 for those that read it, and for nobody else', async ([_, unreadable]) => {
  await gatherCrowd({ service, dynamodb }, (call) => answerWith(call, [itemOf('one'), unreadable, itemOf('three')]))

  const replies = await readAtOnce(service, 'user', [...CATEGORIES, 'two'])

  expect(statuses(replies)).toEqual([200, 503, 200, 404, 503])
  for (const reply of replies.filter(({ status }) => status === 503)) expectProblem(reply, 503, 'STORE_UNAVAILABLE')
  expect(callsBesideCrowd(dynamodb)).toHaveLength(1)
})

test.for<[string, Item]>([
  ['of a category', itemOf('other')],
  ['of an entity', { ...itemOf('one'), bright_uid: { S: 'somebody else' } }],
  ['of the other table', { ...itemOf('one'), account_id: { S: 'user' }, bright_uid: undefined as never }],
])('a batch that brings an item %s that nobody asked for is 503 for all, and never shown', async ([_, item]) => {
  await gatherCrowd({ service, dynamodb }, (call) => answerWith(call, [itemOf('two'), item]))

  const replies = await readAtOnce(service, 'user', CATEGORIES)

  for (const reply of replies) expectProblem(reply, 503, 'STORE_UNAVAILABLE')
})

test.for<[string, (call: Call) => object]>([
  ['one item twice', (call) => answerWith(call, [itemOf('one'), itemOf('one')])],
  ['no word of the table', () => success({ Responses: {} })],
  ['nothing', () => success({})],
  ['what is no JSON', () => ({ status: 200, text: '<html></html>' })],
  ['unprocessed keys that nobody asked for', (call) => batch(askedOf(call).table, ['one'], ['other'])],
  ['a key that is found and unprocessed', (call) => batch(askedOf(call).table, ['one'], ['one'])],
  ['unprocessed keys of another table', (call) => answerWith(call, [], { UnprocessedKeys: { other: { Keys: [keyOf('one')] } } })],
])('a batch that is answered with %s is 503 for all, and nobody is told of missing', async ([_, answer]) => {
  await gatherCrowd({ service, dynamodb }, (call) => answer(call) as { status: number; text: string })

  const replies = await readAtOnce(service, 'user', CATEGORIES)

  for (const reply of replies) expectProblem(reply, 503, 'STORE_UNAVAILABLE')
})

test('those whose keys were processed are answered at once, and the rest is asked for again', async () => {
  const crowd = gatherCrowd({ service, dynamodb }, (call) => {
    return call.attempt === 1 && keysOf(call).length === 4 ? batch(askedOf(call).table, ['one'], ['two', 'three']) : 'hold'
  })
  await crowd
  const [one, two, three, four] = CATEGORIES.map((category) => readAtOnce(service, 'user', [category]))

  const processed = await Promise.all([one, four])
  const [rest] = await heldBesideCrowd(dynamodb)
  await rest?.release()
  const unprocessed = await Promise.all([two, three])

  expect(statuses(processed.flatMap((replies) => replies ?? []))).toEqual([200, 404])
  expect(statuses(unprocessed.flatMap((replies) => replies ?? []))).toEqual([404, 404])
  expect(callsBesideCrowd(dynamodb).map((call) => askedOf(call).categories.sort())).toEqual([
    ['four', 'one', 'three', 'two'],
    ['three', 'two'],
  ])
})

test('what stays unprocessed until the deadline is 503 STORE_THROTTLED, what was processed is 200', async () => {
  await gatherCrowd({ service, dynamodb }, (call) => {
    const { table, categories } = askedOf(call)
    return batch(table, categories.includes('one') ? ['one'] : [], ['two', 'three'])
  })
  waitBeforeRetries('past the deadline')

  const [found, ...others] = await readAtOnce(service, 'user', ['one', 'two', 'three', 'two'])

  expect(found?.status).toBe(200)
  for (const reply of others) expectProblem(reply, 503, 'STORE_THROTTLED')
})

test('what is processed one key at a time is all read in the end', async () => {
  waitBeforeRetries('never')
  await gatherCrowd({ service, dynamodb }, (call) => {
    const { table, categories } = askedOf(call)
    return batch(table, categories.slice(0, 1), categories.slice(1))
  })

  const replies = await readAtOnce(service, 'user', CATEGORIES)

  expect(statuses(replies)).toEqual([200, 200, 200, 200])
  expect(callsBesideCrowd(dynamodb).map((call) => keysOf(call).length)).toEqual([4, 3, 2, 1])
})
