import diagnostics from 'node:diagnostics_channel'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { replyText, startLoopbackStore } from '../support/loopback-store.ts'
import { poolTo } from '../support/pool-to.ts'

/** The sockets that are opened by this process from now on, as Node tells of them. */
function followClientSockets(): Socket[] {
  const opened: Socket[] = []
  const onOpened = (message: unknown) => void opened.push((message as { socket: Socket }).socket)
  diagnostics.subscribe('net.client.socket', onOpened)
  onTestFinished(() => void diagnostics.unsubscribe('net.client.socket', onOpened))
  return opened
}

test('a connection that the store closes while it is idle is not used again', async () => {
  const store = await startLoopbackStore()
  const { ask } = poolTo(store, { maxSockets: 1 })
  await ask('a').reply

  store.sockets[0]?.end()
  await store.closed(0)

  expect(await ask('b').reply).toBe('b')
  expect(store.asked()).toEqual(['a@0', 'b@1'])
})

test('a connection is not used from the moment that its end is known, and not only from when it is closed', async () => {
  const opened = followClientSockets()
  const store = await startLoopbackStore()
  const { ask } = poolTo(store)
  await ask('a').reply
  const ended = opened.map((socket) => once(socket, 'end'))

  store.sockets[0]?.end()
  await Promise.race(ended)

  expect(await ask('b').reply).toBe('b')
  expect(store.asked()).toEqual(['a@0', 'b@1'])
})

test.for([
  ['a second', 1, 'timeout=1'],
  ['two seconds', 1, 'timeout=2, max=100'],
  ['a minute', 0, 'timeout=60'],
  ['a time that it does not name', 0, 'max=100'],
] as const)('of a store that keeps idle connections for %s, the next exchange is on connection %i', async ([, next, hint]) => {
  const store = await startLoopbackStore(({ socket, body }) => void socket.write(replyText(body, `keep-alive: ${hint}\r\n`)))
  const { ask } = poolTo(store)

  await ask('a').reply
  await ask('b').reply

  expect(store.asked()).toEqual(['a@0', `b@${next}`])
})

test('a connection that was idle for too long is closed when that is looked for, and the others are not', async () => {
  const store = await startLoopbackStore(({ socket, body }) => {
    socket.write(replyText(body, body === 'short' ? 'keep-alive: timeout=2\r\n' : ''))
  })
  const { pool, ask } = poolTo(store)
  await Promise.all([ask('short').reply, ask('long').reply])
  const [short, long] = store.asked()[0]?.startsWith('short') ? [0, 1] : [1, 0]

  pool.closeStale()
  await store.closed(short)
  await ask('next').reply

  expect(store.asked().at(-1)).toBe(`next@${long}`)
})

test('bytes that nobody asked for close their connection', async () => {
  const store = await startLoopbackStore()
  const { ask } = poolTo(store)
  await ask('a').reply

  store.sockets[0]?.write(replyText('unasked'))
  await store.closed(0)

  expect(await ask('b').reply).toBe('b')
})

test('bytes behind a reply close their connection', async () => {
  const store = await startLoopbackStore(({ socket, body }) => void socket.write(`${replyText(body)}${replyText('unasked')}`))
  const { ask } = poolTo(store, { maxSockets: 1 })

  const replies = await Promise.all([ask('a').reply, ask('b').reply])

  expect(replies).toEqual(['a', 'b'])
  expect(store.asked()).toEqual(['a@0', 'b@1'])
})

test('bytes that came before a request was sent are not its reply', async () => {
  const store = await startLoopbackStore()
  const { ask } = poolTo(store)
  await ask('a').reply

  // What is sent at this turn's end goes out in the next, when the other bytes have been read.
  await setImmediate()
  store.sockets[0]?.write(replyText('unasked'))
  const { reply } = ask('b')

  await expect(reply).rejects.toMatchObject({ name: 'TimeoutError', code: 'ECONNRESET' })
  expect(store.asked()).toEqual(['a@0'])
})
