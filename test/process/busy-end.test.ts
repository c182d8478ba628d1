import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { type Ask, askByAgent, askByFetch, askByHand, keepAsking, type LoadRequest } from '../support/busy-clients.ts'
import { itemOf, success } from '../support/dynamodb-replies.ts'
import { openConnection, requestText } from '../support/raw-client.ts'
import { startScriptedDynamoDB } from '../support/scripted-dynamodb.ts'
import { type ServiceProcess, startService } from '../support/service-process.ts'

const CLIENTS = 64
const EXIT_LIMIT_MS = 10_000
// A second without a request, and what a busy machine takes to start and to end.
const IDLE_EXIT_LIMIT_MS = 2500
// Longer than a connection may be idle while the service ends.
const STALL_MS = 1300

const READ: LoadRequest = { method: 'GET', path: '/api/v1/get/item/user/category' }
const LOAD: LoadRequest[] = [READ, { method: 'POST', path: '/api/v1/items/user', body: '{"category":{"f":1},"other":{"f":2}}' }]

async function startOnSlowStore(): Promise<ServiceProcess> {
  const dynamodb = await startScriptedDynamoDB(({ operation }) => ({
    afterMs: 10,
    reply: success(operation === 'GetItem' ? { Item: itemOf('category') } : {}),
  }))
  onTestFinished(dynamodb.close)
  return startService({ ENVIRONMENT: 'production', AUTH: 'off', DYNAMODB_ENDPOINT: dynamodb.url })
}

/** Ends the service by SIGTERM; returns how, and the milliseconds it took. */
async function endBySigterm(service: ServiceProcess) {
  const startedMs = performance.now()
  service.kill('SIGTERM')
  const ending = await service.exited
  return { ending, tookMs: performance.now() - startedMs }
}

const CLIENT_KINDS: [string, (url: string) => Promise<Ask[]>][] = [
  ['of an agent that keeps them alive', async (url) => Array<Ask>(CLIENTS).fill(askByAgent(url, CLIENTS))],
  ['of fetch', async (url) => Array<Ask>(CLIENTS).fill(askByFetch(url))],
  ['in the hands of their clients', (url) => Promise.all(Array.from({ length: CLIENTS }, () => askByHand(url)))],
]

test.for(CLIENT_KINDS)('SIGTERM with 64 busy connections %s fails none of their requests', async ([_, connect]) => {
  const service = await startOnSlowStore()
  let ended: ReturnType<typeof endBySigterm> | undefined

  const tally = await keepAsking({
    requests: LOAD,
    asks: await connect(service.url),
    answersToWarm: 5,
    onWarm: () => {
      ended = endBySigterm(service)
    },
  })

  expect(tally).toEqual({ answered: { 200: expect.any(Number) }, failures: [] })
  expect((await ended)?.ending).toEqual({ code: 0, signal: null })
  expect((await ended)?.tookMs).toBeLessThan(EXIT_LIMIT_MS)
})

test('connections that nobody uses keep the service from ending for no more than two seconds', async () => {
  const service = await startOnSlowStore()
  const port = Number(new URL(service.url).port)
  const idle = await Promise.all(Array.from({ length: CLIENTS }, () => openConnection(port)))
  for (const client of idle) client.send(requestText('GET', '/health/live'))
  await Promise.all(idle.map((client) => client.received(/\{"status":"live"\}/)))

  const { ending, tookMs } = await endBySigterm(service)

  expect(ending).toEqual({ code: 0, signal: null })
  expect(tookMs).toBeLessThan(IDLE_EXIT_LIMIT_MS)
})

test('requests on connections that the service had no time to take before SIGTERM are answered, too', async () => {
  const service = await startOnSlowStore()
  const port = Number(new URL(service.url).port)
  service.kill('SIGSTOP')
  const clients = await Promise.all(Array.from({ length: 8 }, () => openConnection(port)))
  for (const client of clients) client.send(requestText(READ.method, READ.path))

  service.kill('SIGTERM')
  service.kill('SIGCONT')
  const replies = await Promise.all(clients.map((client) => client.all()))

  expect(replies.map((reply) => reply.slice(0, 12))).toEqual(Array(8).fill('HTTP/1.1 200'))
  expect(await service.exited).toEqual({ code: 0, signal: null })
})

test('requests that arrive on open connections while a process that ends gets no CPU time are answered, too', async () => {
  const service = await startOnSlowStore()
  const clients = await Promise.all(Array.from({ length: 8 }, () => askByHand(service.url)))
  await Promise.all(clients.map((ask) => ask(READ)))

  service.kill('SIGTERM')
  await service.printed(/finishing requests in flight/)
  service.kill('SIGSTOP')
  const statuses = Promise.all(clients.map((ask) => ask(READ).catch(() => 'cut')))
  await delay(STALL_MS)
  service.kill('SIGCONT')

  expect(await statuses).toEqual(Array(8).fill(200))
  expect(await service.exited).toEqual({ code: 0, signal: null })
})
