import { expect, test } from 'vitest'
import { itemOf, NO_ANSWERS, refusal, success, throttling } from '../support/dynamodb-replies.ts'
import { categoriesOf, type Page, readAllPages, readPage } from '../support/entity-calls.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { keyOf, pageAskedOf, queryReply } from '../support/query-replies.ts'
import type { ScriptedReply } from '../support/scripted-dynamodb.ts'
import { startScriptedService } from '../support/scripted-service.ts'
import { storedItem } from '../support/stored-items.ts'
import type { Item } from '../support/test-service.ts'

const SOMEBODY_ELSES: ScriptedReply[] = ['{}', '{"message":"welcome"}', '{"Item":{}}', '{"Responses":{}}', '{"Count":0}'].map(
  (text) => ({
    status: 200,
    text,
  }),
)

const NO_ITEMS = ['null', '"text"', '1', '{}', '[null]', '["text"]', '[[]]', '[{}]'].map((items) => ({
  status: 200,
  text: `{"Items":${items},"Count":0,"ScannedCount":0}`,
}))

const ODD_ITEMS: [string, Item[]][] = [
  ['of another entity', [storedItem('somebody else', 'cat')]],
  ['of another entity, behind its own', [storedItem('user', 'a'), storedItem('somebody else', 'b')]],
  ['of the other table', [{ account_id: { S: 'user' }, category: { S: 'cat' } }]],
  ['without a category', [{ bright_uid: { S: 'user' } }]],
  ['whose category is a number', [{ ...storedItem('user', 'cat'), category: { N: '1' } }]],
  ['that is there twice', [storedItem('user', 'cat'), storedItem('user', 'cat')]],
  ['with a number that is none', [{ ...itemOf('cat'), created_at: { N: 'NaN' } }]],
]

const BAD_KEYS: [string, unknown][] = [
  ['text', 'text'],
  ['a list', []],
  ['a number', 1],
  ['of another entity', keyOf('b', 'somebody else')],
  ['of the other table', { account_id: { S: 'user' }, category: { S: 'b' } }],
  ['without a category', { bright_uid: { S: 'user' } }],
  ['without an entity', { category: { S: 'b' } }],
  ['whose category is a number', { ...keyOf('b'), category: { N: '1' } }],
  ['whose category is text', { ...keyOf('b'), category: 'b' }],
]

test.for([...NO_ANSWERS, ...SOMEBODY_ELSES, ...NO_ITEMS])('a Query answered with %j is 503, never 404', async (noAnswer) => {
  const { service } = await startScriptedService(() => noAnswer as ScriptedReply)

  const reply = await readPage(service, 'user')

  expectProblem(reply, 503, 'STORE_UNAVAILABLE')
  expect(reply.text).not.toContain('welcome')
})

test('a second Query answered with no answer is 503, never the end', async () => {
  const { service } = await startScriptedService(({ number }) => (number === 1 ? queryReply([], keyOf('b')) : success({})))

  expectProblem(await readPage(service, 'user'), 503, 'STORE_UNAVAILABLE')
})

test.for(ODD_ITEMS)('an item %s is 503, and never shown', async ([_, items]) => {
  const { service } = await startScriptedService(() => success({ Items: items, Count: items.length, ScannedCount: items.length }))

  expectProblem(await readPage(service, 'user'), 503, 'STORE_UNAVAILABLE')
})

test.for(BAD_KEYS)('a page that is to go on from a key that is %s is 503, empty or not', async ([_, key]) => {
  for (const categories of [[], ['a']]) {
    const { service, dynamodb } = await startScriptedService(() => queryReply(categories, key as Item), {
      app: { requestTimeoutMs: 3000 },
    })

    expectProblem(await readPage(service, 'user'), 503, 'STORE_UNAVAILABLE')
    expect(dynamodb.calls().length).toBeLessThanOrEqual(3)
  }
})

test.for([
  ['of one', ['c']],
  ['of several', ['a', 'c']],
])('a page %s that is to go on from before its own end, so that an item would come twice, is 503', async ([_, categories]) => {
  const { service } = await startScriptedService(() => queryReply(categories as string[], keyOf('b')))

  expectProblem(await readPage(service, 'user'), 503, 'STORE_UNAVAILABLE')
})

test.for([
  ['the one it came from', () => 'm'],
  ['one before it', ({ after }: { after: string | undefined }) => (after === undefined ? 'm' : 'a')],
] as const)('empty pages that go on from %s, for ever, are 503 at once', async ([_, next]) => {
  const { service, dynamodb } = await startScriptedService((call) => queryReply([], keyOf(next(pageAskedOf(call)))), {
    app: { requestTimeoutMs: 3000 },
  })

  expectProblem(await readPage(service, 'user'), 503, 'STORE_UNAVAILABLE')
  expect(dynamodb.calls().length).toBeLessThan(5)
})

test('items that stand before the cursor are 503, and never shown again', async () => {
  const { service } = await startScriptedService(() => queryReply(['a', 'b', 'c'], keyOf('c')))

  await expect(readAllPages(service, 'user', { limit: 2 })).rejects.toThrow(/answered 503/)
})

test.for([
  ['throttled', throttling, 'STORE_THROTTLED'],
  ['answered with an internal error', refusal('InternalServerError', 'Internal server error', 500), 'STORE_UNAVAILABLE'],
  ['refused for want of permission', refusal('AccessDeniedException'), 'STORE_UNAVAILABLE'],
  ['of a table that is missing', refusal('ResourceNotFoundException'), 'STORE_UNAVAILABLE'],
] as const)('a Query %s is 503', async ([_, trouble, code]) => {
  const { service } = await startScriptedService(() => trouble)

  expectProblem(await readPage(service, 'user'), 503, code)
})

test.for([
  ['throttled', throttling],
  ['broken off', 'reset'],
] as const)('a Query that is %s once is asked again, and the page is whole', async ([_, trouble]) => {
  const { service } = await startScriptedService(({ number }) => (number === 1 ? trouble : queryReply(['a', 'b'])))

  const reply = await readPage(service, 'user')

  expect(categoriesOf([reply.json as Page])).toEqual(['a', 'b'])
})

test('an empty page is 404 only when DynamoDB says that nothing follows', async () => {
  const { service, dynamodb } = await startScriptedService(({ number }) =>
    queryReply([], number < 4 ? keyOf(`a${number}`) : undefined),
  )

  expectProblem(await readPage(service, 'user'), 404, 'ITEM_NOT_FOUND')
  expect(dynamodb.calls().map((call) => pageAskedOf(call).after)).toEqual([undefined, 'a1', 'a2', 'a3'])
})
