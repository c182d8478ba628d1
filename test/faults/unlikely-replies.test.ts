import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { askedOf, itemOf, refusal, success } from '../support/dynamodb-replies.ts'
import { expectProblem } from '../support/expect-problem.ts'
import type { WrittenReply } from '../support/scripted-reply.ts'
import { startScriptedService } from '../support/scripted-service.ts'

const ITEM = { Item: itemOf('category') }

function withChecksumOf(text: string, sent: unknown): WrittenReply {
  return { ...success(sent), headers: { 'x-amz-crc32': String(crc32(text)) } }
}

test('an item whose checksum is right is read', async () => {
  const { service } = await startScriptedService(() => withChecksumOf(JSON.stringify(ITEM), ITEM))

  expect(await service.read('user', 'category')).toMatchObject({ status: 200 })
})

test.for([
  ['another item than was sent', { Item: { ...itemOf('category'), created_at: { S: '2025-10-08T00:00:00.000Z' } } }],
  ['nothing in the place of an item', {}],
] as const)('a reply of %s, by its checksum, is 503', async ([_, received]) => {
  const { service } = await startScriptedService(() => withChecksumOf(JSON.stringify(ITEM), received))

  expectProblem(await service.read('user', 'category'), 503, 'STORE_UNAVAILABLE')
})

test.for([201, 202, 206, 299])(
  'a success of status %i, which is none of DynamoDB’s, is 503 and never missing',
  async (status) => {
    const { service } = await startScriptedService(() => ({ status, text: '{}' }))

    expectProblem(await service.read('user', 'category'), 503, 'STORE_UNAVAILABLE')
    expectProblem(await service.write('user', { category: { f: 1 } }), 503, 'STORE_UNAVAILABLE')
  },
)

test.for<[string, (table: string) => object]>([
  ['no word of the table', () => ({ Responses: {} })],
  ['somebody else’s members', (table) => ({ Responses: { [table]: [] }, __type: 'InternalServerError' })],
  ['one item twice', (table) => ({ Responses: { [table]: [itemOf('category'), itemOf('category')] } })],
])('a batch answered with %s is 503 and never missing', async ([_, answer]) => {
  const { service } = await startScriptedService((call) => success(answer(askedOf(call).table)))

  expectProblem(await service.filter('user', { category: [] }), 503, 'STORE_UNAVAILABLE')
})

test.for<[string, unknown]>([
  ['null', null],
  ['nothing', {}],
  ['a map of null', { M: null }],
  ['data of null', { M: { data: { M: null } } }],
  ['a number as text', { M: { data: { M: { f: { S: 5 } } } } }],
  ['a list as a map', { M: { data: { M: { f: { M: [] } } } } }],
  ['text as a truth', { M: { data: { M: { f: { BOOL: 'false' } } } } }],
  ['text as a set', { M: { data: { M: { f: { SS: 'xy' } } } } }],
])('an item whose features are %s, which no attribute is, is 503 and never shown', async ([_, features]) => {
  const { service } = await startScriptedService(() => success({ Item: { ...itemOf('category'), features } }))

  expectProblem(await service.read('user', 'category'), 503, 'STORE_UNAVAILABLE')
})

test('a read that is told of a condition, which it did not have, is 503', async () => {
  const { service } = await startScriptedService(() => refusal('ConditionalCheckFailedException'))

  expectProblem(await service.read('user', 'category'), 503, 'STORE_UNAVAILABLE')
  expectProblem(await service.filter('user', { category: [] }), 503, 'STORE_UNAVAILABLE')
})

test.for(['8640000000000000', '9e15', 'NaN', '1e400'])(
  'a version of %s, after which there is none, is 503 and says so in the log',
  async (N) => {
    const lost = refusal('ConditionalCheckFailedException')
    const { service } = await startScriptedService(() => ({
      ...lost,
      text: JSON.stringify({ ...JSON.parse(lost.text), Item: { version: { N } } }),
    }))

    const { results } = expectProblem(await service.write('user', { category: { f: 1 } }), 503, 'STORE_UNAVAILABLE')

    expect(results).toEqual({ category: { status: 'failed', code: 'STORE_UNAVAILABLE' } })
  },
)
