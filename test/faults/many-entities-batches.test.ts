import { expect, test } from 'vitest'
import { NO_ANSWERS, success } from '../support/dynamodb-replies.ts'
import { entitiesOf, readMany } from '../support/entity-calls.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { keyOf } from '../support/query-replies.ts'
import type { Call } from '../support/scripted-dynamodb.ts'
import { startScriptedService, waitBeforeRetries } from '../support/scripted-service.ts'
import { storedItem } from '../support/stored-items.ts'
import type { Item } from '../support/test-service.ts'

const IDENTIFIERS = ['one', 'two']
const MAPPING = { cat: [], other: [] }

/** A BatchGetItem's success, and its keys that are left unprocessed. */
function batchReply({ body }: Call, items: readonly Item[], unprocessed: readonly Item[] = []) {
  const [table = ''] = Object.keys(body.RequestItems ?? {})
  return success({
    Responses: { [table]: items },
    UnprocessedKeys: unprocessed.length > 0 ? { [table]: { Keys: unprocessed } } : {},
  })
}

test('items that come in any order belong to their own entities', async () => {
  const items = [storedItem('two', 'cat'), storedItem('one', 'other'), storedItem('two', 'other')]
  const { service } = await startScriptedService((call) => batchReply(call, items))

  const reply = await readMany(service, IDENTIFIERS, MAPPING)

  expect(entitiesOf(reply)).toMatchObject([
    { identifier: 'one', items: { other: { bright_uid: 'one' } }, missing_categories: ['cat'] },
    { identifier: 'two', items: { cat: { bright_uid: 'two' }, other: { bright_uid: 'two' } }, missing_categories: [] },
  ])
})

test.for<[string, Item[]]>([
  ['of an entity that nobody asked for', [storedItem('three', 'cat')]],
  ['of a category that nobody asked for', [storedItem('one', 'third')]],
  ['that is there twice', [storedItem('one', 'cat'), storedItem('one', 'cat')]],
  ['without a key', [{ category: { S: 'cat' } }]],
])('an item %s is 503 and never shown', async ([_, items]) => {
  const { service } = await startScriptedService((call) => batchReply(call, items))

  expectProblem(await readMany(service, IDENTIFIERS, MAPPING), 503, 'STORE_UNAVAILABLE')
})

test('an item of a pair that was not asked for, though its entity and its category were in another batch, is 503', async () => {
  const identifiers = Array.from({ length: 200 }, (_, index) => `user-${index}`)
  const { service } = await startScriptedService((call) => {
    const asked = JSON.stringify(call.body).includes('"user-150"')
    return batchReply(call, asked ? [] : [storedItem('user-150', 'cat')])
  })

  expectProblem(await readMany(service, identifiers, { cat: [] }), 503, 'STORE_UNAVAILABLE')
})

test.for<[string, Item]>([
  ['of an entity that nobody asked for', keyOf('cat', 'three')],
  ['of a category that nobody asked for', keyOf('third', 'one')],
  ['without an entity', { category: { S: 'cat' } }],
])('a key %s left unprocessed is 503, and never asked for again and again', async ([_, key]) => {
  const { service, dynamodb } = await startScriptedService((call) => batchReply(call, [], [key]))

  expectProblem(await readMany(service, IDENTIFIERS, MAPPING), 503, 'STORE_UNAVAILABLE')
  expect(dynamodb.calls()).toHaveLength(1)
})

test('keys left unprocessed are those of their entities, and only they are asked for again', async () => {
  const { service, dynamodb } = await startScriptedService((call) =>
    call.number === 1
      ? batchReply(call, [storedItem('one', 'cat'), storedItem('two', 'other')], [keyOf('other', 'one'), keyOf('cat', 'two')])
      : batchReply(call, [storedItem('two', 'cat')]),
  )

  const reply = await readMany(service, IDENTIFIERS, MAPPING)

  expect(entitiesOf(reply)).toMatchObject([
    { items: { cat: { bright_uid: 'one' } }, missing_categories: ['other'] },
    { items: { cat: { bright_uid: 'two' }, other: { bright_uid: 'two' } }, missing_categories: [] },
  ])
  expect(Object.values(dynamodb.calls()[1]?.body.RequestItems ?? {})).toMatchObject([
    { Keys: expect.arrayContaining([keyOf('other', 'one'), keyOf('cat', 'two')]) },
  ])
})

test.for([...NO_ANSWERS, { status: 200, text: '{}' }, { status: 200, text: '{"message":"welcome"}' }])(
  'a batch answered with $text is 503 and never a list of missing ones',
  async (noAnswer) => {
    const { service } = await startScriptedService(() => noAnswer)

    expectProblem(await readMany(service, IDENTIFIERS, MAPPING), 503, 'STORE_UNAVAILABLE')
  },
)

test('entities of which nothing is stored are 200 only when DynamoDB said so of every batch', async () => {
  const identifiers = Array.from({ length: 150 }, (_, index) => `user-${index}`)
  const { service } = await startScriptedService((call) =>
    call.number === 2 ? { status: 200, text: '{}' } : batchReply(call, []),
  )

  expectProblem(await readMany(service, identifiers, MAPPING), 503, 'STORE_UNAVAILABLE')
})

test('keys left unprocessed until the deadline are 503, never missing', async () => {
  const { service } = await startScriptedService((call) => batchReply(call, [], [keyOf('cat', 'one')]), {
    app: { requestTimeoutMs: 300 },
  })
  // So the deadline falls into a wait, and not by chance into a call.
  waitBeforeRetries('past the deadline')

  expectProblem(await readMany(service, IDENTIFIERS, MAPPING), 503, 'STORE_THROTTLED')
})

test('no reply until the deadline is 504', async () => {
  const { service } = await startScriptedService(() => 'hang', { app: { requestTimeoutMs: 300 } })

  expectProblem(await readMany(service, IDENTIFIERS, MAPPING), 504, 'DEADLINE_EXCEEDED')
})
