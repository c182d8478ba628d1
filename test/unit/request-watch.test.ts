import type { FastifyInstance } from 'fastify'
import { expect, test } from 'vitest'
import { createGate } from '../support/gate.ts'
import { openConnection, requestText } from '../support/raw-client.ts'
import { fetchWhole, startWatchedApp } from '../support/watched-app.ts'

function quickRoutes(app: FastifyInstance): void {
  app.get('/quick', async () => 'done')
  app.post('/quick', async () => 'done')
}

test('a finished request has exactly one line', async () => {
  const app = await startWatchedApp(quickRoutes)

  await fetchWhole(`${app.url}/quick`)

  expect(await app.finalRequests()).toMatchObject([{ method: 'GET', url: '/quick', status: 200 }])
})

test.for([
  ['a status without a body', { status: 204, payload: undefined }],
  ['an empty body', { status: 200, payload: '' }],
  ['a redirect', { status: 302, payload: 'elsewhere' }],
  ['a Buffer', { status: 200, payload: Buffer.from('bytes') }],
] as const)('%s has exactly one line', async ([, { status, payload }]) => {
  const app = await startWatchedApp((bare) => bare.get('/', async (_request, reply) => reply.code(status).send(payload)))

  await fetchWhole(app.url, { redirect: 'manual' })

  const lines = await app.finalRequests()
  expect(lines).toMatchObject([{ status, bytes: payload?.length ?? 0 }])
  expect(lines[0]).not.toHaveProperty('aborted')
})

test('a keep-alive connection has one line for each of its requests, and none for its end', async () => {
  const app = await startWatchedApp(quickRoutes)
  const client = await openConnection(app.port)

  for (const id of ['first', 'second', 'third']) {
    client.send(requestText('GET', '/quick', { 'x-request-id': id }))
    await client.received(new RegExp(String.raw`${id}[\s\S]*done`))
  }
  client.hangUp()
  await app.connectionsClosed()

  const lines = await app.finalRequests()
  expect(lines).toMatchObject(['first', 'second', 'third'].map((id) => ({ request_id: id, status: 200, client_ip: '127.0.0.1' })))
  expect(app.sink.text()).not.toContain('aborted')
  expect(app.inFlight()).toBe(0)
})

test('requests sent in one go have one line each', async () => {
  const app = await startWatchedApp(quickRoutes)
  const client = await openConnection(app.port)

  client.send(requestText('GET', '/quick').repeat(4) + requestText('GET', '/quick', { connection: 'close' }))
  await client.all()

  const lines = await app.finalRequests()
  expect(lines.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  expect(new Set(lines.map(({ request_id }) => request_id)).size).toBe(5)
  expect(app.inFlight()).toBe(0)
})

test('requests side by side each have their own account', async () => {
  const app = await startWatchedApp((bare) =>
    bare.get<{ Params: { count: string } }>('/calls/:count', async (request) => {
      request.work.storeCalls = Number(request.params.count)
      return 'done'
    }),
  )

  await Promise.all(['1', '2', '3', '4'].map((count) => fetchWhole(`${app.url}/calls/${count}`)))

  const lines = await app.finalRequests()
  const accounts = lines.map((line) => [line.url, line.dynamodb_calls])
  expect(accounts.toSorted()).toEqual([1, 2, 3, 4].map((count) => [`/calls/${count}`, count]))
})

test('a request is in flight from its headers to its last byte', async () => {
  const gate = createGate()
  const app = await startWatchedApp((bare) =>
    bare.get('/', async () => {
      await gate.arrive()
      return 'done'
    }),
  )
  const reply = fetchWhole(app.url)
  await gate.arrived

  expect(app.inFlight()).toBe(1)
  expect(app.sink.requests()).toEqual([])

  gate.open()
  await reply
  await app.sink.ended(1)
  expect(app.inFlight()).toBe(0)
})
