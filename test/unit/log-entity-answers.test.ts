import { expect, test } from 'vitest'
import { batch, categoryOf, itemOf, refusal, success, throttling } from '../support/dynamodb-replies.ts'
import { startLoggedService } from '../support/logged-service.ts'
import type { Script } from '../support/scripted-dynamodb.ts'
import { fetchWhole } from '../support/watched-app.ts'

const GET_ITEM = '/api/v1/get/item/user'
const GET_ITEMS = '/api/v1/get/items'
const ITEM = '/api/v1/items/user/cat'
const ENTITY = '/api/v1/items/user'
const ITEMS = '/api/v1/items'

const hasTwo: Script = ({ operation }) => success(operation === 'Query' ? { Items: [itemOf('cat'), itemOf('dog')] } : {})
const hasCat: Script = () => batch('features_bright_uid', ['cat'])
/** Of writes a store that holds nothing refuses the first one that needs something. */
const isEmpty: Script = ({ number }) => (number === 1 ? refusal('ConditionalCheckFailedException') : success({}))

/** The wide line of one request, and the calls that DynamoDB had for it. */
async function lineOf(script: Script, method: string, path: string, body?: string, app = {}) {
  const service = await startLoggedService({ script, app })
  const content = body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }
  const reply = await fetchWhole(service.url + path, { method, ...content })
  const [line, ...others] = await service.finalRequests()
  if (!line || others.length > 0) throw new Error(`not one line: ${service.sink.text()}`)
  return { line, reply: { ...reply, json: JSON.parse(reply.text) }, calls: service.dynamodb.calls() }
}

const TWO_ENTITIES = '{"identifiers":["user","other","third"],"categories":{"cat":[],"dog":["f"]}}'
const THREE_WRITES = '{"user":{"cat":{"f":1},"dog":{"f":2}},"other":{"cat":{"f":1}}}'

const DONE: [string, string, string, string | undefined, Script, Record<string, unknown>][] = [
  ['read.multi_entity', 'POST', GET_ITEMS, TWO_ENTITIES, hasCat, { entities: 3, categories: 2, dynamodb_calls: 1 }],
  ['read.entity', 'GET', GET_ITEM, undefined, hasTwo, { dynamodb_calls: 1 }],
  ['write.multi_entity', 'POST', ITEMS, THREE_WRITES, hasTwo, { entities: 2, categories: 3, dynamodb_calls: 3 }],
  ['write.merge', 'PATCH', ITEM, '{"f":1}', hasTwo, { categories: 1, dynamodb_calls: 1 }],
  ['write.merge', 'PATCH', `${ITEM}?table_type=bright_uid`, '{"f":1}', isEmpty, { categories: 1, dynamodb_calls: 2 }],
  ['delete.single_item', 'DELETE', ITEM, undefined, hasTwo, { categories: 1, dynamodb_calls: 1 }],
  ['delete.entity', 'DELETE', ENTITY, undefined, hasTwo, { dynamodb_calls: 3 }],
]

test.for(DONE)('%s: %s %s is one line, of what it was about and the calls that it took', async (given) => {
  const [operation, method, path, body, script, expected] = given

  const { line, calls } = await lineOf(script, method, path, body)

  const route = path.replace(/\?.*/, '').replace('/user/cat', '/{identifier}/{category}').replace('/user', '/{identifier}')
  expect(line).toMatchObject({ level: 'info', status: 200, method, operation, route, url: path, table_type: 'bright_uid' })
  expect({ entities: line.entities, categories: line.categories, dynamodb_calls: line.dynamodb_calls }).toEqual({
    entities: undefined,
    categories: undefined,
    ...expected,
  })
  expect(calls).toHaveLength(Number(expected.dynamodb_calls))
})

test('a write that is older than what is stored is a warning, with its code and the sentence that the client read', async () => {
  const item = { ...itemOf('cat'), event_time: { N: '1759823206943' } }
  const stale: Script = () => {
    return { status: 400, text: JSON.stringify({ ...JSON.parse(refusal('ConditionalCheckFailedException').text), Item: item }) }
  }

  const { line, reply } = await lineOf(stale, 'POST', `${ITEMS}?event_time=1759823206942`, '{"user":{"cat":{"f":1}}}')

  expect(line).toMatchObject({ level: 'warn', status: 409, operation: 'write.multi_entity', error_code: 'STALE_WRITE' })
  expect(line).toMatchObject({ reason: reply.json.detail, dynamodb_calls: 1 })
  expect(line.reason).toContain('2025-10-07T07:46:46.943Z')
  expect(line).not.toHaveProperty('err')
})

const REFUSED: [number, string, string, string, string | undefined, Script][] = [
  [404, 'ITEM_NOT_FOUND', 'GET', GET_ITEM, undefined, () => success({ Items: [] })],
  [422, 'VALIDATION_FAILED', 'GET', `${GET_ITEM}?limit=0`, undefined, hasTwo],
  [422, 'VALIDATION_FAILED', 'POST', GET_ITEMS, '{"identifiers":[],"categories":{"cat":[]}}', hasTwo],
  [400, 'EMPTY_BODY', 'POST', ITEMS, '{}', hasTwo],
  [413, 'ITEM_TOO_LARGE', 'PATCH', ITEM, `{"f":"${'x'.repeat(450_000)}"}`, hasTwo],
  [405, 'METHOD_NOT_ALLOWED', 'DELETE', GET_ITEM, undefined, hasTwo],
]

test.for(REFUSED)('%i %s of %s %s is a warning, with the sentence that the client read', async (given) => {
  const [status, code, method, path, body, script] = given

  const { line, reply } = await lineOf(script, method, path, body)

  expect(line).toMatchObject({ level: 'warn', status, error_code: code, reason: reply.json.detail })
  expect(line).not.toHaveProperty('err')
})

const FAILED: [string, string, string, string | undefined, Script][] = [
  ['read.multi_entity', 'POST', GET_ITEMS, TWO_ENTITIES, () => throttling],
  ['read.entity', 'GET', GET_ITEM, undefined, () => throttling],
  ['write.multi_entity', 'POST', ITEMS, THREE_WRITES, (call) => (categoryOf(call) === 'dog' ? throttling : success({}))],
  ['write.merge', 'PATCH', ITEM, '{"f":1}', () => throttling],
  ['delete.single_item', 'DELETE', ITEM, undefined, () => throttling],
  ['delete.entity', 'DELETE', ENTITY, undefined, (call) => (call.operation === 'Query' ? hasTwo(call) : throttling)],
]

test.for(FAILED)('%s that the store throttles is an error, with its code, its reason and its stack', async (given) => {
  const [operation, method, path, body, script] = given

  const { line, reply } = await lineOf(script, method, path, body)

  expect(line).toMatchObject({ level: 'error', status: 503, operation, error_code: 'STORE_THROTTLED', reason: reply.json.detail })
  expect(line.err?.stack).toMatch(/\n\s+at /)
  expect(JSON.stringify(line.err)).toContain('ProvisionedThroughputExceededException')
})
