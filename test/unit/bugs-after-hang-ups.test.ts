import { once } from 'node:events'
import { expect, test } from 'vitest'
import { ServiceError, WriteError } from '../../src/errors.ts'
import { createGate } from '../support/gate.ts'
import { openConnection, requestText } from '../support/raw-client.ts'
import { startWatchedApp } from '../support/watched-app.ts'

/** The lines of a request whose client hangs up, and whose handler throws this only then. */
async function throwingTooLate(error: unknown) {
  const gate = createGate()
  const thrown = createGate()
  const app = await startWatchedApp((bare) => {
    bare.get('/', async () => {
      await gate.arrive()
      throw error
    })
    // Fastify's last hook before a reply would be sent.
    bare.addHook('onSend', async () => {
      thrown.arrive()
    })
  })
  const client = await openConnection(app.port)
  client.send(requestText('GET', '/', { 'x-request-id': 'gone' }))
  await gate.arrived
  client.hangUp()
  await app.sink.ended(1)
  gate.open()
  await thrown.arrived
  await app.finalRequests()
  return app.sink.lines().filter(({ request_id }) => request_id === 'gone')
}

test('a bug that shows after the client has gone is logged, with its stack and the request id', async () => {
  const lines = await throwingTooLate(new TypeError('a bug of ours'))

  expect(lines).toMatchObject([
    { status: 499, aborted: true },
    { level: 'error', request_id: 'gone', err: { stack: expect.stringContaining('TypeError: a bug of ours\n    at ') } },
  ])
})

test('a bug among the failures of a write that nobody waits for any more is logged', async () => {
  const bug = new TypeError('a bug of ours')

  const lines = await throwingTooLate(new WriteError('ITEM_TOO_LARGE', 'it failed', { results: {}, failures: [bug] }))

  expect(lines).toMatchObject([{ status: 499 }, { level: 'error', err: { failures: [{ message: 'a bug of ours' }] } }])
})

test('a failure that is no bug is nobody’s concern once the client has gone', async () => {
  const lines = await throwingTooLate(new ServiceError('STORE_THROTTLED', 'as it should be'))

  expect(lines).toMatchObject([{ status: 499 }])
})

test('a bug whose reply the client does not wait for is logged', async () => {
  const reached = createGate()
  const app = await startWatchedApp((bare) => {
    bare.get('/', async () => {
      throw new TypeError('a bug of ours')
    })
    bare.addHook('onSend', async (_request, reply) => {
      reached.arrive()
      await once(reply.raw, 'close')
    })
  })
  const client = await openConnection(app.port)
  client.send(requestText('GET', '/'))
  await reached.arrived
  client.hangUp()
  await app.sink.ended(1)

  await app.finalRequests()

  expect(app.sink.lines().filter(({ level }) => level === 'error')).toMatchObject([
    { err: { stack: expect.stringContaining('a bug of ours') } },
  ])
})
