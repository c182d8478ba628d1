import { expect, test } from 'vitest'
import { conditionFailed, itemOf, refusal, success } from '../support/dynamodb-replies.ts'
import { startScriptedService } from '../support/scripted-service.ts'

const REQUESTS = [
  ['POST', '/api/v1/items/user?event_time=1000', { category: { f: 1 } }],
  ['PATCH', '/api/v1/items/user/category', { f: 1 }],
  ['DELETE', '/api/v1/items/user/category', undefined],
] as const

const condition = refusal('ConditionalCheckFailedException')
const REFUSALS = [
  ['tells of no item by null', { ...condition, text: JSON.stringify({ ...JSON.parse(condition.text), Item: null }) }],
  ['tells of an event time that is no number', conditionFailed({ ...itemOf('category'), event_time: { N: 'soon' } })],
  ['tells of an expiry that is no number', conditionFailed({ ...itemOf('category'), expires_at: { N: 'soon' } })],
] as const

const CASES = REFUSALS.flatMap(([how, reply]) => REQUESTS.map(([method, url, body]) => ({ how, reply, method, url, body })))

test.for(CASES)('a store that refuses a $method once and $how is no internal error', async ({ reply, method, url, body }) => {
  const { service } = await startScriptedService(({ operation, number }) => {
    return operation === 'UpdateItem' && number === 1 ? reply : success({})
  })

  expect((await service.request(method, url, body)).status).toBe(200)
})

const others = { ...itemOf('other'), event_time: { N: '2000' } }
const TELLINGS = [
  ['the refusal', conditionFailed(others)],
  ['the read behind it', condition],
] as const

test.for(TELLINGS)('where %s tells of the item of another key, its event time refuses no write', async ([, refused]) => {
  const { service } = await startScriptedService(({ operation }) => {
    return operation === 'UpdateItem' ? refused : success({ Item: others })
  })

  const reply = await service.request('POST', '/api/v1/items/user?event_time=1000', { category: { f: 1 } })

  const failed = { status: 'failed', code: 'STORE_UNAVAILABLE' }
  expect(reply).toMatchObject({ status: 503, json: { code: 'STORE_UNAVAILABLE', results: { category: failed } } })
})

test.for([5, 'x', [], {}].map((attributes) => [JSON.stringify(attributes), attributes] as const))(
  'a delete that is answered with %s as what was there is in doubt',
  async ([, attributes]) => {
    const { service } = await startScriptedService(() => success({ Attributes: attributes }))

    const reply = await service.request('DELETE', '/api/v1/items/user/category')

    expect(reply).toMatchObject({ status: 503, json: { results: { category: { status: 'unknown' } } } })
  },
)
