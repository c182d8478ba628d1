import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type Connections, connectionsPlugin } from '../../src/plugins/connections.ts'
import { slowClientsPlugin } from '../../src/plugins/slow-clients.ts'
import { openConnection, requestText } from '../support/raw-client.ts'

// More than the system's own buffers on loopback take.
const LARGE = 'x'.repeat(16 * 1024 * 1024)
const SECONDS_ALLOWED = 30

/** A service with a large and a small reply, whose seconds pass when the test says so. */
async function startService() {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const open: Connections = new Map()
  const app = Fastify({ forceCloseConnections: true })
  await app.register(connectionsPlugin, { open })
  await app.register(slowClientsPlugin, { open })
  app.get('/large', async () => LARGE)
  app.get('/small', async () => 'small')
  await app.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(async () => {
    await app.close()
  })
  return { open, client: await openConnection((app.server.address() as AddressInfo).port) }
}

test('a client that does not take its reply keeps its connection for 30 s, and no longer', async () => {
  const { open, client } = await startService()
  client.stopReading()
  client.send(requestText('GET', '/large'))
  await expect.poll(() => [...open.values()].some((replies) => [...replies].some((reply) => reply.writableEnded))).toBe(true)

  vi.advanceTimersByTime(SECONDS_ALLOWED * 1000)
  const after30 = [...open.keys()].filter((socket) => !socket.destroyed).length
  vi.advanceTimersByTime(1000)

  expect(after30).toBe(1)
  await expect.poll(() => open.size).toBe(0)
})

test('a client that took its reply keeps its connection', async () => {
  const { open, client } = await startService()
  client.send(requestText('GET', '/small'))
  await client.received(/small$/)

  vi.advanceTimersByTime(2 * SECONDS_ALLOWED * 1000)

  expect([...open.keys()].filter((socket) => !socket.destroyed)).toHaveLength(1)
})
