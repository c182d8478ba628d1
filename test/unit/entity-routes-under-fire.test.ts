import { expect, test } from 'vitest'
import { categoryOf, itemOf, success } from '../support/dynamodb-replies.ts'
import { expectWholeProblem } from '../support/expect-whole-problem.ts'
import { createGate } from '../support/gate.ts'
import { type LoggedServiceOptions, startLoggedService } from '../support/logged-service.ts'
import { openConnection, requestText } from '../support/raw-client.ts'
import type { Script, ScriptedDynamoDB } from '../support/scripted-dynamodb.ts'

const SOON = { timeout: 2000 }
const READ = '/api/v1/get/item/user/after'
const OPERATIONS = ['GetItem', 'BatchGetItem', 'Query', 'UpdateItem']

type Route = {
  method: string
  path: string
  body?: string
  /** Calls that are made, and of those the ones that a store has at once which never answers them. */
  calls: number
  open?: number
  /** What the store answers, which otherwise is nothing, ever. */
  answers?: Script
}

const users = Array.from({ length: 250 }, (_, index) => `user-${index}`)
const MANY_READS = JSON.stringify({ identifiers: users, categories: { cat: [] } })
const MANY_WRITES = JSON.stringify(Object.fromEntries(users.map((user) => [user, { cat: { f: 1 } }])))
const hasTwo: Script = ({ operation }) => (operation === 'Query' ? success({ Items: [itemOf('cat'), itemOf('dog')] }) : 'hang')

const ROUTES: [string, Route][] = [
  ['a read of 250 entities', { method: 'POST', path: '/api/v1/get/items', body: MANY_READS, calls: 3 }],
  ['a page of what an entity has', { method: 'GET', path: '/api/v1/get/item/user', calls: 1 }],
  ['a write of 250 entities', { method: 'POST', path: '/api/v1/items', body: MANY_WRITES, calls: 32 }],
  ['a merge', { method: 'PATCH', path: '/api/v1/items/user/cat', body: '{"f":1}', calls: 1 }],
  ['a delete of a category', { method: 'DELETE', path: '/api/v1/items/user/cat', calls: 1 }],
  ['a delete of an entity, looked for', { method: 'DELETE', path: '/api/v1/items/user', calls: 1 }],
  ['a delete of an entity, found', { method: 'DELETE', path: '/api/v1/items/user', calls: 3, open: 2, answers: hasTwo }],
]

/** A service whose store plays a script, but answers the test's own last request. */
function startService(script: Script, app: LoggedServiceOptions['app'] = {}) {
  const whole = success({ Item: itemOf('after') })
  return startLoggedService({ app, script: (call) => (categoryOf(call) === 'after' ? whole : script(call)) })
}

function ask(url: string, { method, path, body }: Route): Promise<Response> {
  const content = body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }
  return fetch(url + path, { method, ...content })
}

async function wholeReply(reply: Response) {
  const json = (await reply.json()) as { code: string; detail: string }
  return { status: reply.status, headers: Object.fromEntries(reply.headers), json }
}

function inFlight(dynamodb: ScriptedDynamoDB): number {
  return OPERATIONS.reduce((sum, operation) => sum + dynamodb.inFlight(operation), 0)
}

test.for(ROUTES)('%s beyond what may be at work is OVERLOADED, and asks nothing of the store', async ([, route]) => {
  const gate = createGate()
  const script: Script = async () => {
    await gate.arrive()
    return success({})
  }
  const { url, dynamodb } = await startService(script, { maxInFlight: 1 })
  const atWork = fetch(`${url}/api/v1/get/item/user/before`)
  await gate.arrived

  const refused = await wholeReply(await ask(url, route))
  gate.open()
  await atWork

  expectWholeProblem(refused, { status: 503, code: 'OVERLOADED', instance: route.path })
  expect(dynamodb.calls()).toHaveLength(1)
})

test.for(ROUTES)('%s that the store does not answer is 504 at the deadline, and waits no more', async ([, route]) => {
  const { url, dynamodb } = await startService(route.answers ?? (() => 'hang'), { requestTimeoutMs: 250 })

  const reply = await wholeReply(await ask(url, route))

  expect(reply).toMatchObject({ status: 504, json: { code: 'DEADLINE_EXCEEDED' } })
  const isInDoubt = dynamodb.operations().includes('UpdateItem')
  expect(/may or may not have been applied/.test(reply.json.detail)).toBe(isInDoubt)
  expect(reply.headers['retry-after']).toMatch(/^[1-9]\d*$/)
  await expect.poll(() => inFlight(dynamodb), SOON).toBe(0)
})

test.for(ROUTES)('a hang-up ends the calls of %s, and no other is made', async ([, route]) => {
  const { method, path, body, calls, open = calls, answers = () => 'hang' as const } = route
  const { url, port, dynamodb, sink } = await startService(answers)
  const client = await openConnection(port)
  client.send(requestText(method, path, {}, body))
  await expect.poll(() => [dynamodb.calls().length, inFlight(dynamodb)], SOON).toEqual([calls, open])

  client.hangUp()
  await expect.poll(() => inFlight(dynamodb), SOON).toBe(0)
  const [line] = await sink.ended(1)
  await fetch(url + READ)

  expect(line).toMatchObject({ level: 'warn', status: 499, aborted: true, dynamodb_calls: calls })
  expect(dynamodb.calls().filter((call) => categoryOf(call) !== 'after')).toHaveLength(calls)
})

// RFC 9110, section 9.3.1: a GET's body has no meaning, and nobody reads it.
const WITH_BODY = ROUTES.filter(([, { method }]) => method !== 'GET')

test.for(WITH_BODY)(
  '%s with a body beyond the room for all is OVERLOADED, and leaves as much room as there was',
  async (given) => {
    const [, { method, path }] = given
    const { url } = await startService(() => success({}), { bodyLimitBytes: 4000, maxBodyBytesInFlight: 3000 })
    const large = { method, path, body: JSON.stringify({ user: { cat: { f: 'x'.repeat(3200) } } }), calls: 0 }

    const refusals = [await ask(url, large), await ask(url, large), await ask(url, large)]
    const taken = await fetch(`${url}/api/v1/items/user`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ cat: { f: 'x'.repeat(2500) } }),
    })

    for (const refused of refusals) {
      expectWholeProblem(await wholeReply(refused), { status: 503, code: 'OVERLOADED', instance: path })
    }
    expect(taken.status).toBe(200)
  },
)
