import { expect, test } from 'vitest'
import { success } from '../support/dynamodb-replies.ts'
import { startLoggedService } from '../support/logged-service.ts'
import { fetchWhole } from '../support/watched-app.ts'

const SECRET = 'S3CRET'
const ITEMS = '/api/v1/items'

/** All that is logged of one request, and its wide line. */
async function logOf(method: string, path: string, body?: string) {
  const service = await startLoggedService({ script: ({ operation }) => success(operation === 'Query' ? { Items: [] } : {}) })
  const content = body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }
  await fetchWhole(service.url + path, { method, ...content })
  const lines = await service.finalRequests()
  return { lines, text: service.sink.text() }
}

const TOO_LONG = `${SECRET}${'x'.repeat(257)}`

test.for([
  [200, 'POST', `${ITEMS}?source=${SECRET}&ttl=60&compute_id=${SECRET}`, '?source=***&ttl=60&compute_id=***'],
  [422, 'POST', `${ITEMS}?source=${TOO_LONG}&compute_id=${TOO_LONG}`, '?source=***&compute_id=***'],
  [422, 'POST', `${ITEMS}?event_time=${SECRET}&ttl=${SECRET}`, '?event_time=***&ttl=***'],
  [422, 'GET', `/api/v1/get/item/user?limit=7&consistent=true&cursor=${SECRET}`, '?limit=7&consistent=true&cursor=***'],
  [422, 'GET', `/api/v1/get/item/user?limit=${SECRET}&consistent=${SECRET}`, '?limit=***&consistent=***'],
] as const)('%i %s %s: what a client says in its query is in no line, but for words and numbers of ours', async (given) => {
  const [status, method, path, query] = given

  const { lines, text } = await logOf(method, path, method === 'POST' ? '{"user":{"cat":{"f":1}}}' : undefined)

  expect(lines).toMatchObject([{ status, url: path.replace(/\?.*/, query) }])
  expect(text).not.toContain(SECRET)
})

test.for([
  [200, 'POST', ITEMS, `{"user":{"cat":{"f":"${SECRET}"}}}`],
  [400, 'POST', ITEMS, `{"user":{"cat":{"f":"${SECRET}`],
  [413, 'POST', ITEMS, `{"user":{"cat":{"f":"${SECRET.repeat(80_000)}"}}}`],
  [422, 'POST', ITEMS, `{"user":{"cat":"${SECRET}"}}`],
  [422, 'POST', ITEMS, `{"user":"${SECRET}"}`],
  [200, 'PATCH', `${ITEMS}/user/cat`, `{"f":"${SECRET}"}`],
  [400, 'PATCH', `${ITEMS}/user/cat`, `{"f":${SECRET}}`],
  [413, 'PATCH', `${ITEMS}/user/cat`, `{"f":"${SECRET.repeat(80_000)}"}`],
  [422, 'PATCH', `${ITEMS}/user/cat`, `["${SECRET}"]`],
  [422, 'PATCH', `${ITEMS}/user/cat`, `{"f":"${SECRET}","g":1${'0'.repeat(40)}1}`],
  [422, 'POST', '/api/v1/get/items', `{"identifiers":"${SECRET}","categories":["${SECRET}"]}`],
] as const)('%i %s %s: values in a body are in no line', async ([status, method, path, body]) => {
  const { lines, text } = await logOf(method, path, body)

  expect(lines).toMatchObject([{ status }])
  expect(text).not.toContain(SECRET)
})
