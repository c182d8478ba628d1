import { expect, test } from 'vitest'
import { refusal, success } from '../support/dynamodb-replies.ts'
import { jsonPost, startLoggedService } from '../support/logged-service.ts'
import type { Script } from '../support/scripted-dynamodb.ts'
import { fetchWhole } from '../support/watched-app.ts'

const SECRET = 'S3CRET'
const READ = '/api/v1/get/item/user123/cat'
const WRITE = '/api/v1/items/user123'

/** What the log has of these requests at a level, every line of it. */
async function logOf(
  send: (url: string) => Promise<unknown>,
  { script, level = 'info' }: { script?: Script; level?: string } = {},
) {
  const service = await startLoggedService({ level, ...(script ? { script } : {}) })
  await send(service.url)
  const lines = await service.finalRequests()
  return { text: service.sink.text(), lines }
}

test.for([
  [200, () => success({ Item: storedItem() })],
  [404, () => success({})],
  [500, () => refusal('ValidationException', 'a bug of ours')],
  [503, () => refusal('ThrottlingException')],
] as const)('credentials in headers and values in the query are in no line of a %i', async ([status, script]) => {
  const headers = { authorization: `Bearer ${SECRET}`, 'x-api-key': SECRET, cookie: `session=${SECRET}`, 'x-other': SECRET }

  const { text, lines } = await logOf((url) => fetchWhole(`${url}${READ}?table_type=bright_uid&token=${SECRET}`, { headers }), {
    script,
  })

  expect(lines).toMatchObject([{ status, url: `${READ}?table_type=bright_uid&token=***` }])
  expect(text).not.toContain(SECRET)
})

test.for([
  ['200', `{"cat":{"f":"${SECRET}"}}`, 200],
  ['400 for broken JSON', `{"cat":{"f":${SECRET}}}`, 400],
  ['400 for JSON that ends too soon', `{"cat":{"f":"${SECRET}`, 400],
  ['400 for a name of a table that there is not', `{"cat":{"f":"${SECRET}"}}`, 400],
  ['413', `{"cat":{"f":"${SECRET.repeat(80_000)}"}}`, 413],
  ['422 for a value in the wrong place', `{"cat":"${SECRET}"}`, 422],
  ['422 for a number too long', `{"cat":{"f":"${SECRET}","g":1${'0'.repeat(40)}1}}`, 422],
] as const)('feature values in a body are in no line of a %s', async ([why, body, status]) => {
  const query = why.includes('table') ? `?table_type=${SECRET}` : ''

  const { text, lines } = await logOf((url) => fetchWhole(url + WRITE + query, jsonPost(body)))

  expect(lines).toMatchObject([{ status, operation: 'write.multi_category' }])
  expect(text).not.toContain(SECRET)
})

test.for([
  ['a ValidationException', () => refusal('ValidationException', `Invalid value: {S: ${SECRET}}`)],
  ['a ValidationException with quotes', () => refusal('ValidationException', `"${SECRET}" is no number`)],
  ['a SerializationException', () => refusal('SerializationException', `Start of structure found: ${SECRET}`)],
  ['a reply that is no JSON', () => ({ status: 200, text: `{"Item":{"f":${SECRET}}}` })],
  ['a reply with quotes that is no JSON', () => ({ status: 200, text: `{"a":'${SECRET}` })],
  [
    'a refused token',
    () => refusal('InvalidSignatureException', `should have been\nx-amz-security-token:${SECRET}\n\nhost`, 403),
  ],
  ['a refused signature', () => refusal('IncompleteSignatureException', `Authorization=AWS4 Credential=a, Signature=${SECRET}`)],
  ['an error page', () => ({ status: 502, text: `<html>${SECRET}</html>` })],
] as const)('what DynamoDB quotes in %s is in no line', async ([, script]) => {
  const { text, lines } = await logOf(
    async (url) => {
      await fetchWhole(url + READ)
      await fetchWhole(url + WRITE, jsonPost(`{"cat":{"f":"${SECRET}"}}`))
    },
    { script },
  )

  const failed = {
    level: 'error',
    status: expect.toSatisfy((status: number) => status >= 500),
    err: { stack: expect.any(String) },
  }
  expect(lines).toMatchObject([failed, failed])
  expect(text).not.toContain(SECRET)
})

test('the credentials of the service itself are in no line, though every call fails', async () => {
  const { text, lines } = await logOf((url) => fetchWhole(url + READ), { script: () => 'reset', level: 'trace' })

  expect(lines).toMatchObject([{ level: 'error', status: 503, error_code: 'STORE_UNAVAILABLE' }])
  expect(text).not.toMatch(/AWS4-HMAC|Signature=|authorization/i)
})

test('at debug the bodies are there, each under the id of its reply', async () => {
  let id: string | null = null
  const body = `{"cat":{"f":"${SECRET}"}}`

  const { lines, text } = await logOf(
    async (url) => {
      id = (await fetchWhole(url + WRITE, jsonPost(body))).headers.get('x-request-id')
    },
    { level: 'debug' },
  )

  const own = text
    .split('\n')
    .filter((line) => line.includes(String(id)))
    .map((line) => JSON.parse(line))
  expect(own).toMatchObject([
    { level: 'debug', msg: 'request body', body },
    { level: 'debug', msg: 'reply body', body: expect.stringContaining('"results"') },
    { level: 'info', status: 200 },
  ])
  expect(JSON.stringify(lines)).not.toContain(SECRET)
})

function storedItem() {
  const timestamp = { S: '2025-10-07T07:46:26.943Z' }
  const metadata = { updated_at: timestamp, source: { S: 'api' }, compute_id: { S: 'None' }, ttl: { S: 'None' } }
  return {
    bright_uid: { S: 'user123' },
    category: { S: 'cat' },
    features: { M: { data: { M: { f: { S: SECRET } } }, metadata: { M: metadata } } },
    created_at: timestamp,
  }
}
