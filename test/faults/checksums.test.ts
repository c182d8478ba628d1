import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { askedOf, conditionFailed, itemOf, refusal, success, throttling } from '../support/dynamodb-replies.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { queryReply } from '../support/query-replies.ts'
import type { Call } from '../support/scripted-dynamodb.ts'
import type { WrittenReply } from '../support/scripted-reply.ts'
import { startScriptedService } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'

/** A reply with the checksum of its own text, or of another. */
function checked(reply: WrittenReply, ofText = reply.text): WrittenReply {
  return { ...reply, headers: { 'x-amz-crc32': String(crc32(ofText)) } }
}

/** What a store that has the category answers. */
function whole(call: Call): WrittenReply {
  if (call.operation === 'GetItem') return success({ Item: itemOf('größe') })
  if (call.operation === 'Query') return queryReply(['größe'])
  if (call.operation === 'UpdateItem') return success({})
  return success({ Responses: { [askedOf(call).table]: [itemOf('größe')] }, UnprocessedKeys: {} })
}

const REQUESTS: [string, (service: TestService) => ReturnType<TestService['request']>][] = [
  ['one category', (service) => service.read('user', 'größe')],
  ['several categories', (service) => service.filter('user', { größe: [] })],
  ['all that an entity has', (service) => service.request('GET', '/api/v1/get/item/user')],
]

test.for(REQUESTS)('a read of %s whose reply’s checksum is right is answered', async ([, send]) => {
  const { service } = await startScriptedService((call) => checked(whole(call)))

  expect((await send(service)).status).toBe(200)
})

test.for(REQUESTS)('a read of %s whose reply’s checksum is another’s is 503', async ([, send]) => {
  const { service } = await startScriptedService((call) => checked(whole(call), `${whole(call).text} `))

  expectProblem(await send(service), 503, 'STORE_UNAVAILABLE')
})

test('a write whose success has another’s checksum may have been applied', async () => {
  const { service } = await startScriptedService((call) => checked(whole(call), 'another'))

  const reply = await service.write('user', { größe: { f: 1 } })

  const { results } = expectProblem(reply, 503, 'STORE_UNAVAILABLE')
  expect(results).toEqual({ größe: { status: 'unknown', code: 'STORE_UNAVAILABLE' } })
})

const stale = conditionFailed({ ...itemOf('größe'), version: { N: '1' }, event_time: { N: '2000' } })

test.for<[string, WrittenReply]>([
  ['a condition that did not hold', stale],
  ['an item that is too large', refusal('ValidationException', 'Item size to update has exceeded the maximum allowed size')],
  ['a throttled call', throttling],
])('a refusal of a write by %s, with another’s checksum, is not believed', async ([, refused]) => {
  const { service } = await startScriptedService(() => checked(refused, 'another'))

  const reply = await service.request('POST', '/api/v1/items/user?event_time=1000', { größe: { f: 1 } })

  const { results } = expectProblem(reply, 503, 'STORE_UNAVAILABLE')
  expect(results).toEqual({ größe: { status: 'unknown', code: 'STORE_UNAVAILABLE' } })
})

test('a refusal with the checksum of its own is believed', async () => {
  const { service } = await startScriptedService(() => checked(stale))

  const reply = await service.request('POST', '/api/v1/items/user?event_time=1000', { größe: { f: 1 } })

  expectProblem(reply, 409, 'STALE_WRITE')
})

test.for(['', '-1', '4294967296', 'none', '0x0'])('a checksum that says %j is none of the reply’s', async (checksum) => {
  const { service } = await startScriptedService(() => ({ ...success({}), headers: { 'x-amz-crc32': checksum } }))

  expectProblem(await service.read('user', 'größe'), 503, 'STORE_UNAVAILABLE')
})
