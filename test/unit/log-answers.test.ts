import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { batch, refusal, success } from '../support/dynamodb-replies.ts'
import { createGate } from '../support/gate.ts'
import { jsonPost, startLoggedService } from '../support/logged-service.ts'
import type { Script } from '../support/scripted-dynamodb.ts'
import { fetchWhole } from '../support/watched-app.ts'

/** The wide line of one request, and the log's own text of it. */
async function lineOf(script: Script, path: string, init: RequestInit = {}) {
  const service = await startLoggedService({ script })
  const headers = { 'user-agent': 'a-batch-job/1.2', ...(init.headers as Record<string, string> | undefined) }
  const reply = await fetchWhole(service.url + path, { ...init, headers })
  const [line] = await service.finalRequests()
  if (!line) throw new Error('no line')
  const text = service.sink.texts().find((written) => written.includes(String(line.request_id)))
  return { line, text, id: reply.headers.get('x-request-id'), calls: service.dynamodb.calls() }
}

const THROTTLED: Script = () => refusal('ThrottlingException', 'Rate of requests exceeds the allowed throughput.')

test('of a failed read one line tells who asked, for what, how long it took, where the time went and why it failed', async () => {
  const { line, id } = await lineOf(THROTTLED, '/api/v1/get/item/user123/trans_features?table_type=account_id')

  // Who
  expect(line).toMatchObject({ client_ip: '127.0.0.1', user_agent: 'a-batch-job/1.2', request_id: id })
  // What
  expect(line).toMatchObject({
    method: 'GET',
    operation: 'read.single_item',
    route: '/api/v1/get/item/{identifier}/{category}',
    url: '/api/v1/get/item/user123/trans_features?table_type=account_id',
    table_type: 'account_id',
    categories: 1,
  })
  // How long, and where the time went
  expect(line).toMatchObject({ duration_ms: expect.any(Number), dynamodb_ms: expect.any(Number), dynamodb_calls: 1 })
  expect(Number(line.dynamodb_ms)).toBeGreaterThan(0)
  // Why
  expect(line).toMatchObject({ status: 503, error_code: 'STORE_THROTTLED', reason: expect.stringMatching(/throttling/) })
  expect(line.err?.stack).toMatch(/StoreError: [\s\S]*caused by: ThrottlingException: Rate of requests exceeds/)
})

test('jq answers the same from the line as it was written', async (context) => {
  if (spawnSync('jq', ['--version']).error) return context.skip('jq is not installed on this machine')
  const { text } = await lineOf(THROTTLED, '/api/v1/get/item/user123/trans_features')
  const answer = '"\\(.client_ip) (\\(.user_agent)) asked for \\(.operation), \\(.url): \\(.status) after \\(.duration_ms) ms'
  const filter = `${answer}, \\(.dynamodb_ms) of them in \\(.dynamodb_calls) call, for \\(.error_code): \\(.err.stack|split("\\n")[0])"`

  const { stdout, stderr } = spawnSync('jq', ['--raw-output', filter], { input: text, encoding: 'utf8' })

  expect(stderr).toBe('')
  expect(stdout).toMatch(
    /^127\.0\.0\.1 \(a-batch-job\/1\.2\) asked for read\.single_item, \/api\/v1\/get\/item\/user123\/trans_features: 503 after [\d.]+ ms, [\d.]+ of them in 1 call, for STORE_THROTTLED: StoreError: .+\n$/,
  )
})

test.for([
  [
    'read.multi_category',
    '/api/v1/get/item/user',
    '{"cat":[],"dog":["f"],"cow":[]}',
    () => batch('features_bright_uid', ['cat']),
    { categories: 3, dynamodb_calls: 1 },
  ],
  [
    'write.multi_category',
    '/api/v1/items/user123',
    '{"cat":{"f":1},"dog":{"f":2}}',
    () => success({}),
    { categories: 2, dynamodb_calls: 2 },
  ],
] as const)('%s: the line has the categories and the calls that they took', async ([operation, path, body, script, expected]) => {
  const { line, calls } = await lineOf(script, path, jsonPost(body))

  expect(line).toMatchObject({ status: 200, operation, table_type: 'bright_uid', ...expected })
  expect(calls).toHaveLength(expected.dynamodb_calls)
})

test('retries of a call are one call in the line, and its whole time', async () => {
  const script: Script = ({ attempt }) => (attempt === 1 ? refusal('ThrottlingException') : success({}))

  const { line, calls } = await lineOf(script, '/api/v1/get/item/user123/cat')

  expect(calls).toHaveLength(2)
  expect(line).toMatchObject({ status: 404, dynamodb_calls: 1 })
})

test('the time of calls side by side is wall time: it is never longer than the request', async () => {
  const both = createGate(2)
  const script: Script = async () => {
    both.arrive()
    await both.arrived
    return success({})
  }

  const { line } = await lineOf(script, '/api/v1/items/user123', jsonPost('{"cat":{"f":1},"dog":{"f":2}}'))

  expect(line).toMatchObject({ status: 200, dynamodb_calls: 2 })
  expect(Number(line.dynamodb_ms)).toBeGreaterThan(0)
  expect(Number(line.dynamodb_ms)).toBeLessThanOrEqual(Number(line.duration_ms) + 0.001)
})

test('a request that DynamoDB let wait until the deadline says so', async () => {
  const service = await startLoggedService({ script: () => 'hang', app: { requestTimeoutMs: 50 } })

  await fetchWhole(`${service.url}/api/v1/get/item/user123/cat`)

  const [line] = await service.finalRequests()
  expect(line).toMatchObject({ level: 'error', status: 504, error_code: 'DEADLINE_EXCEEDED', dynamodb_calls: 1 })
  expect(Number(line?.dynamodb_ms)).toBeGreaterThan(40)
  expect(Number(line?.dynamodb_ms)).toBeLessThanOrEqual(Number(line?.duration_ms) + 0.001)
})

test('a request that never came to DynamoDB says that too', async () => {
  const { line } = await lineOf(() => success({}), '/api/v1/items/user123', jsonPost('{"cat":1}'))

  expect(line).toMatchObject({ status: 422, error_code: 'VALIDATION_FAILED', dynamodb_calls: 0, dynamodb_ms: 0 })
  expect(line.reason).toMatch(/^\$\.cat: /)
})
