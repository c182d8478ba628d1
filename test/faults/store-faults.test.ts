import { expect, test } from 'vitest'
import { batch, itemOf, itemTooLarge, refusal, success } from '../support/dynamodb-replies.ts'
import { expectProblem } from '../support/expect-problem.ts'
import type { Call, ScriptedReply } from '../support/scripted-dynamodb.ts'
import { startScriptedService } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'

const THROTTLES = ['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded']

const SECRETS = 'arn:aws:dynamodb:us-east-1:123456789012:table/secret-table'

const REQUESTS: [string, (service: TestService) => ReturnType<TestService['request']>][] = [
  ['a read of one category', (service) => service.read('user', 'category')],
  ['a read of several categories', (service) => service.filter('user', { category: [] })],
  ['a write', (service) => service.write('user', { category: { f: 1 } })],
]

const REQUESTS_BY_THROTTLE = REQUESTS.flatMap(([name, send]) => THROTTLES.map((exception) => [name, exception, send] as const))

const TROUBLES: [string, ScriptedReply][] = [
  ['an internal error', refusal('InternalServerError', 'Internal server error', 500)],
  ['an unavailable service', refusal('ServiceUnavailable', 'try later', 503)],
  ['a connection that breaks off', 'reset'],
  ['a missing table', refusal('ResourceNotFoundException', `Requested resource not found: Table: ${SECRETS} not found`)],
  ['a table that is being made', refusal('ResourceInUseException', `Table ${SECRETS} is being created`)],
  ['a lack of rights', refusal('AccessDeniedException', `User: ${SECRETS} is not authorized to perform: dynamodb:GetItem`)],
  ['a signature that it does not know', refusal('UnrecognizedClientException', 'The security token is invalid.')],
  ['credentials that have expired', refusal('ExpiredTokenException', `The token of ${SECRETS} is expired`)],
]

const REQUESTS_BY_TROUBLE = REQUESTS.flatMap(([name, send]) =>
  TROUBLES.map(([kind, reply]) => [name, kind, reply, send] as const),
)

// What a client must not learn of the store behind.
const INTERNALS = /secret-table|features_|arn:|123456789012|Exception|InternalServerError|\bat .*\.[jt]s\b|127\.0\.0\.1/

/** What a store that has the category answers. */
function whole({ operation, body }: Call): ScriptedReply {
  if (operation === 'GetItem') return success({ Item: itemOf('category') })
  if (operation === 'BatchGetItem') return batch(Object.keys(body.RequestItems ?? {})[0] ?? '', ['category'])
  return success({})
}

test.for(REQUESTS_BY_THROTTLE)('%s throttled on every attempt (%s) is 503', async ([_, exception, send]) => {
  const { service, dynamodb } = await startScriptedService(() => refusal(exception, `too fast for ${SECRETS}`))

  const reply = await send(service)

  expectProblem(reply, 503, 'STORE_THROTTLED')
  expect(reply.text).not.toMatch(INTERNALS)
  expect(dynamodb.calls().length).toBeGreaterThan(1)
})

test.for(REQUESTS_BY_THROTTLE)('%s throttled once (%s) is tried again and succeeds', async ([_, exception, send]) => {
  const { service, dynamodb } = await startScriptedService((call) => (call.attempt === 1 ? refusal(exception) : whole(call)))

  const reply = await send(service)

  expect(reply.status).toBe(200)
  expect(dynamodb.calls()).toHaveLength(2)
})

test.for(REQUESTS_BY_TROUBLE)('%s on a store with %s is 503 and tells nothing internal', async ([_, __, trouble, send]) => {
  const { service } = await startScriptedService(() => trouble)

  const reply = await send(service)

  expectProblem(reply, 503, 'STORE_UNAVAILABLE')
  expect(reply.text).not.toMatch(INTERNALS)
})

test.for([
  ['an internal error', refusal('InternalServerError', 'Internal server error', 500)],
  ['a connection that breaks off', 'reset'],
] as const)('%s once is tried again and the read succeeds', async ([_, trouble]) => {
  const { service, dynamodb } = await startScriptedService((call) => (call.attempt === 1 ? trouble : whole(call)))

  const reply = await service.read('user', 'category')

  expect(reply.json).toMatchObject({ features: { data: { name: 'category' } } })
  expect(dynamodb.calls()).toHaveLength(2)
})

test.for(REQUESTS)('%s on a store that refuses connections is 503', async ([_, send]) => {
  const { service, dynamodb } = await startScriptedService(whole)
  await dynamodb.close()

  const reply = await send(service)

  expectProblem(reply, 503, 'STORE_UNAVAILABLE')
  expect(reply.text).not.toMatch(INTERNALS)
})

test.for(REQUESTS)('%s refused as not valid, which our checks should have seen, is 500', async ([_, send]) => {
  const { service } = await startScriptedService(() => refusal('ValidationException', `One or more of ${SECRETS} were not valid`))

  const reply = await send(service)

  expectProblem(reply, 500, 'INTERNAL')
  expect(reply.text).not.toMatch(INTERNALS)
})

test.for([itemTooLarge, refusal('ValidationException', 'Item size has exceeded the maximum allowed size')])(
  'a write that the store finds too large is 413',
  async (tooLarge) => {
    const { service, dynamodb } = await startScriptedService(() => tooLarge)

    const reply = await service.write('user', { category: { f: 1 } })

    const { results } = expectProblem(reply, 413, 'ITEM_TOO_LARGE')
    expect(results).toEqual({ category: { status: 'failed', code: 'ITEM_TOO_LARGE' } })
    expect(dynamodb.calls()).toHaveLength(1)
  },
)

test('the service answers again as soon as the store does', async () => {
  const { service, dynamodb } = await startScriptedService(() => 'reset')
  await service.read('user', 'category')
  dynamodb.use(whole)

  const reply = await service.read('user', 'category')

  expect(reply.status).toBe(200)
})
