import { expect, test } from 'vitest'
import { askedOf, itemOf, success } from '../support/dynamodb-replies.ts'
import { expectProblem } from '../support/expect-problem.ts'
import type { ScriptedReply } from '../support/scripted-dynamodb.ts'
import { startScriptedService } from '../support/scripted-service.ts'

const HTML = '<html><body>login first</body></html>'

const NO_ANSWERS: [string, ScriptedReply][] = [
  ['null', { status: 200, text: 'null' }],
  ['an array', { status: 200, text: '[]' }],
  ['a string', { status: 200, text: '"text"' }],
  ['a number', { status: 200, text: '0' }],
  ['an empty body', { status: 200, text: '' }],
  ['white space', { status: 200, text: ' \n' }],
  ['JSON that ends early', { status: 200, text: '{"Item":{"bright_uid":{"S":"us' }],
  ['two objects', { status: 200, text: '{}{}' }],
  ['a body cut off by the connection', { status: 200, text: '{}', ending: 'breaks off' }],
  ['HTML', { status: 200, text: HTML }],
  ['HTML as an error of its own', { status: 502, text: HTML }],
  ['a redirect', { status: 302, text: '' }],
]

const NO_RESPONSES: [string, ScriptedReply][] = [
  ['no members', { status: 200, text: '{}' }],
  ['only UnprocessedKeys', { status: 200, text: '{"UnprocessedKeys":{}}' }],
  ['Responses that are null', { status: 200, text: '{"Responses":null,"UnprocessedKeys":{}}' }],
  ['Responses that are text', { status: 200, text: '{"Responses":"text","UnprocessedKeys":{}}' }],
  ['Responses that are an array', { status: 200, text: '{"Responses":[],"UnprocessedKeys":{}}' }],
]

const NO_ITEMS: [string, ScriptedReply][] = [
  ['text', { status: 200, text: '{"Item":"text"}' }],
  ['an array', { status: 200, text: '{"Item":[]}' }],
  ['nothing in it', { status: 200, text: '{"Item":{}}' }],
]

const ODD_ANSWERS: [string, (table: string) => object][] = [
  ['of another table', () => ({ Responses: { other: [itemOf('category')] }, UnprocessedKeys: {} })],
  [
    'with unprocessed keys of another table',
    (table: string) => ({ Responses: { [table]: [] }, UnprocessedKeys: { other: { Keys: [{}] } } }),
  ],
  [
    'with unprocessed keys that are missing',
    (table: string) => ({ Responses: { [table]: [] }, UnprocessedKeys: { [table]: {} } }),
  ],
  ['with unprocessed keys that are text', (table: string) => ({ Responses: { [table]: [] }, UnprocessedKeys: 'x' })],
]

test.for(NO_ANSWERS)('GetItem answered with %s is 503, never 404', async ([_, broken]) => {
  const { service } = await startScriptedService(() => broken)

  const reply = await service.read('user', 'category')

  expectProblem(reply, 503, 'STORE_UNAVAILABLE')
  expect(reply.text).not.toContain('login')
})

test.for([...NO_ANSWERS, ...NO_RESPONSES])('BatchGetItem answered with %s is 503, never missing', async ([_, broken]) => {
  const { service } = await startScriptedService(() => broken)

  const reply = await service.filter('user', { one: [], two: ['f'] })

  expectProblem(reply, 503, 'STORE_UNAVAILABLE')
})

test.for(NO_ANSWERS)('UpdateItem answered with %s may have been applied, and is never ok', async ([_, broken]) => {
  const { service } = await startScriptedService(() => broken)

  const reply = await service.write('user', { category: { f: 1 } })

  const { results } = expectProblem(reply, 503, 'STORE_UNAVAILABLE')
  expect(results).toEqual({ category: { status: 'unknown', code: 'STORE_UNAVAILABLE' } })
})

test.for(NO_ITEMS)('GetItem answered with an item that is %s is 503, never an empty category', async ([_, broken]) => {
  const { service } = await startScriptedService(() => broken)

  const reply = await service.read('user', 'category')

  expectProblem(reply, 503, 'STORE_UNAVAILABLE')
})

test.for([
  ['of another entity', { ...itemOf('category'), bright_uid: { S: 'somebody else' } }],
  ['of another category', itemOf('other')],
  ['with a number that is none', { ...itemOf('category'), created_at: { N: 'NaN' } }],
])('an item %s is 503, and never shown', async ([_, item]) => {
  const { service } = await startScriptedService((call) =>
    success(
      call.operation === 'GetItem' ? { Item: item } : { Responses: { [askedOf(call).table]: [item] }, UnprocessedKeys: {} },
    ),
  )

  const single = await service.read('user', 'category')
  const several = await service.filter('user', { category: [] })

  expectProblem(single, 503, 'STORE_UNAVAILABLE')
  expectProblem(several, 503, 'STORE_UNAVAILABLE')
})

test.for(ODD_ANSWERS)('a BatchGetItem answered %s is 503, never missing', async ([_, answer]) => {
  const { service } = await startScriptedService((call) => success(answer(askedOf(call).table)))

  const reply = await service.filter('user', { category: [] })

  expectProblem(reply, 503, 'STORE_UNAVAILABLE')
})

test('a GetItem answered with an empty object is an item not stored', async () => {
  const { service } = await startScriptedService(() => ({ status: 200, text: '{}' }))

  const reply = await service.read('user', 'category')

  expectProblem(reply, 404, 'ITEM_NOT_FOUND')
})
