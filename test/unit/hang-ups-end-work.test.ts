import { expect, test } from 'vitest'
import { askedOf, batch, itemOf, success, throttling } from '../support/dynamodb-replies.ts'
import { startLoggedService } from '../support/logged-service.ts'
import { openConnection, requestText } from '../support/raw-client.ts'
import type { Call, Script, ScriptedReply } from '../support/scripted-dynamodb.ts'
import { waitBeforeRetries } from '../support/scripted-service.ts'

const WRITES_AT_ONCE = 32
const CALLS_AT_ONCE = 64
const SOON = { timeout: 2000 }

const READ = requestText('GET', '/api/v1/get/item/user/category')
const FILTER = requestText('POST', '/api/v1/get/item/user', {}, '{"category":[],"other":[]}')
const WRITE = requestText('POST', '/api/v1/items/user', {}, '{"category":{"f":1}}')
const hundred = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`category-${index}`, { f: 1 }]))
const LARGE_WRITE = requestText('POST', '/api/v1/items/user', {}, JSON.stringify(hundred))

/** What a store that is well answers to the test's last request, a read of `after`. */
const whole = success({ Item: itemOf('after') })
const isLast = ({ body }: Call) => body.Key?.category?.S === 'after'

/** A service whose store plays `script`, but answers the last request of the test. */
async function startService(script: Script, coalesceReads = true) {
  const service = await startLoggedService({ coalesceReads, script: (call) => (isLast(call) ? whole : script(call)) })
  const { app, dynamodb, url } = service
  let arrived = 0
  app.server.on('request', () => {
    arrived += 1
  })
  return {
    ...service,
    arrived: () => arrived,
    /** Calls there were when one more request had been answered, without its own. */
    async callsInTheEnd(): Promise<number> {
      await fetch(`${url}/api/v1/get/item/user/after`)
      return dynamodb.calls().filter((call) => !isLast(call)).length
    },
    underWay: () => ['GetItem', 'BatchGetItem', 'UpdateItem'].reduce((sum, operation) => sum + dynamodb.inFlight(operation), 0),
  }
}

/** What a client sends, the calls to DynamoDB at once, and how those go on. */
const AWAITED: [string, string, number, ScriptedReply][] = [
  ['a read', READ, 1, 'hang'],
  ['a read of several categories', FILTER, 1, 'hang'],
  ['a write', WRITE, 1, 'hang'],
  ['a write of a hundred categories', LARGE_WRITE, WRITES_AT_ONCE, 'hang'],
  ['a read whose reply stalls', READ, 1, { status: 200, text: '{"Item":{', ending: 'stalls' }],
]

test.for(AWAITED)('a hang-up ends the calls of %s, and no other is made', async ([_, request, calls, reply]) => {
  const { port, dynamodb, sink, underWay, callsInTheEnd } = await startService(() => reply)
  const client = await openConnection(port)
  client.send(request)
  await expect.poll(() => dynamodb.calls().length, SOON).toBe(calls)

  client.hangUp()
  await expect.poll(underWay, SOON).toBe(0)
  const [line] = await sink.ended(1)

  expect(await callsInTheEnd()).toBe(calls)
  expect(line).toMatchObject({ level: 'warn', status: 499, aborted: true, dynamodb_calls: calls })
})

const BACKING_OFF: [string, string, Script][] = [
  ['a read that was throttled', READ, () => throttling],
  ['a write that was throttled', WRITE, () => throttling],
  ['a read that was left unprocessed', FILTER, (call) => batch(askedOf(call).table, [], askedOf(call).categories)],
]

test.for(BACKING_OFF)(
  'a hang-up ends the wait before the next attempt of %s, which is not made',
  async ([_, request, script]) => {
    const { port, dynamodb, sink, underWay, callsInTheEnd } = await startService(script)
    waitBeforeRetries('past the deadline')
    const client = await openConnection(port)
    client.send(request)
    await expect.poll(() => dynamodb.calls().length - underWay(), SOON).toBe(1)

    client.hangUp()
    const [line] = await sink.ended(1)

    expect(await callsInTheEnd()).toBe(1)
    expect(line).toMatchObject({ level: 'warn', status: 499, aborted: true })
  },
)

test('reads that wait for their turn at the store are never sent when their clients hang up', async () => {
  const { port, dynamodb, sink, arrived, underWay, callsInTheEnd } = await startService(() => 'hang', false)
  const served = await Promise.all(Array.from({ length: CALLS_AT_ONCE }, () => openConnection(port)))
  const waiting = await Promise.all(Array.from({ length: 10 }, () => openConnection(port)))
  for (const client of served) client.send(READ)
  await expect.poll(() => dynamodb.calls().length, SOON).toBe(CALLS_AT_ONCE)
  for (const client of waiting) client.send(READ)
  await expect.poll(arrived, SOON).toBe(served.length + waiting.length)

  // Those that wait, first: the service sees hang-ups one after another, and each of the others makes room for a read.
  for (const client of waiting) client.hangUp()
  await sink.ended(waiting.length)
  for (const client of served) client.hangUp()
  await expect.poll(underWay, SOON).toBe(0)
  const lines = await sink.ended(served.length + waiting.length)

  expect(await callsInTheEnd()).toBe(CALLS_AT_ONCE)
  expect(new Set(lines.map(({ status }) => status))).toEqual(new Set([499]))
})
