import { expect, onTestFinished, test } from 'vitest'
import { startDribblingDynamoDB } from '../support/dribbling-dynamodb.ts'
import { askedOf, batch, itemOf, refusal, success, throttling } from '../support/dynamodb-replies.ts'
import { type Call, type ScriptedReply, startScriptedDynamoDB } from '../support/scripted-dynamodb.ts'
import { startService } from '../support/service-process.ts'

const DEADLINE_MS = 400
const MARGIN_MS = 100
// Of a machine that is busy otherwise, which may keep any process waiting: for one request in ten.
const NOISE_MS = 200
const SETTINGS = { ENVIRONMENT: 'production', AUTH: 'off', REQUEST_TIMEOUT_MS: String(DEADLINE_MS) }
const CLIENTS = 4
// As many requests as make a pause of the machine, which all clients see at once, less than one in ten.
const ROUNDS = 12
const WARM_UP_ROUNDS = 2

const json = (body: string) => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body })
const twenty = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`category-${index}`, { f: 1 }]))

const REQUESTS: [string, RequestInit][] = [
  ['/api/v1/get/item/user/category', {}],
  ['/api/v1/get/item/user', json('{"category":[],"other":[]}')],
  ['/api/v1/items/user', json('{"category":{"f":1}}')],
  ['/api/v1/items/user', json(JSON.stringify(twenty))],
]

type Ending = { status: number; code: string | undefined; retryAfter: string | null; durationMs: number }

async function ask(url: string, [path, init]: [string, RequestInit]): Promise<Ending> {
  const startedMs = performance.now()
  const reply = await fetch(url + path, init)
  const { code } = (await reply.json()) as { code?: string }
  return { status: reply.status, code, retryAfter: reply.headers.get('retry-after'), durationMs: performance.now() - startedMs }
}

/** Every kind of request from a few clients at once, again and again. */
async function askAll(url: string): Promise<Ending[]> {
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) {
    await Promise.all(REQUESTS.map((request) => ask(url, request))) // code that runs for the first time is slow
  }
  const endings: Ending[] = []
  async function askInTurn(client: number): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) {
      const request = REQUESTS[(client + round) % REQUESTS.length]
      if (request) endings.push(await ask(url, request))
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, (_, client) => askInTurn(client)))
  return endings
}

const CODES: Readonly<Record<number, readonly (string | undefined)[]>> = {
  200: [undefined],
  503: ['STORE_THROTTLED', 'STORE_UNAVAILABLE'],
  504: ['DEADLINE_EXCEEDED'],
}

function expectBounded(endings: readonly Ending[]): void {
  for (const ending of endings) {
    expect(CODES[ending.status], JSON.stringify(ending)).toContain(ending.code)
    if (ending.status !== 200) expect(ending.retryAfter).toMatch(/^[1-9]\d*$/)
    if (ending.status === 504) expect(ending.durationMs).toBeGreaterThan(DEADLINE_MS - 10)
  }
  const slowestMs = endings.map(({ durationMs }) => Math.round(durationMs)).sort((a, b) => b - a)
  const told = `the slowest: ${slowestMs.slice(0, 20)} ms`
  expect(slowestMs[Math.ceil(slowestMs.length / 10)], told).toBeLessThanOrEqual(DEADLINE_MS + MARGIN_MS)
  expect(slowestMs[0], told).toBeLessThanOrEqual(DEADLINE_MS + MARGIN_MS + NOISE_MS)
}

function whole(call: Call): ScriptedReply {
  if (call.operation === 'BatchGetItem') return batch(askedOf(call).table, askedOf(call).categories)
  return success(call.operation === 'GetItem' ? { Item: itemOf('category') } : {})
}

/** Any of the ways to fail or to be late, or a true answer. */
function anyReply(call: Call): ScriptedReply {
  const replies: ScriptedReply[] = [
    'hang',
    'reset',
    throttling,
    refusal('InternalServerError', 'broken', 500),
    { status: 200, text: '{"Item":{', ending: 'stalls' },
    { status: 200, text: '{"Item":{', ending: 'breaks off' },
    { afterMs: Math.random() * 600, reply: whole(call) },
    whole(call),
  ]
  return replies[Math.floor(Math.random() * replies.length)] ?? 'hang'
}

test.for([
  ['that leave time for others', '150'],
  ['that may take as long as the request', '1000'],
])('whatever the store does, requests end within their deadline and 100 ms, with attempts %s', async ([_, attemptMs]) => {
  const dynamodb = await startScriptedDynamoDB(anyReply)
  onTestFinished(dynamodb.close)
  const env = { ...SETTINGS, DYNAMODB_ENDPOINT: dynamodb.url, DYNAMODB_ATTEMPT_TIMEOUT_MS: String(attemptMs) }
  const { url } = await startService(env)

  const endings = await askAll(url)

  expectBounded(endings)
  expect(new Set(endings.map(({ status }) => status)).size).toBeGreaterThan(1)
})

test('replies that dribble in hold requests no longer than their deadline and 100 ms', async () => {
  const { url: endpoint } = await startDribblingDynamoDB()
  const { url } = await startService({ ...SETTINGS, DYNAMODB_ENDPOINT: endpoint })

  const endings = await askAll(url)

  expectBounded(endings)
  expect(new Set(endings.map(({ status }) => status))).toEqual(new Set([504]))
})
