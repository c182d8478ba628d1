import diagnostics from 'node:diagnostics_channel'
import dns from 'node:dns'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { replyText, startLoopbackStore } from '../support/loopback-store.ts'
import { poolTo } from '../support/pool-to.ts'

type LookUp = (name: string, options: unknown, tell: (error: null, addresses: unknown) => void) => void

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

test.for([
  ['brings bytes that nobody asked for', (socket: Socket) => socket.write(replyText('unasked'))],
  ['ends', (socket: Socket) => socket.end()],
] as const)('a request that is not sent yet when its connection %s goes out on another', async ([, act]) => {
  const store = await startLoopbackStore()
  const { ask } = poolTo(store, { maxSockets: 1 })
  await ask('a').reply

  // What is sent at this turn's end goes out in the next, when that has been read.
  await setImmediate()
  for (const socket of store.sockets) act(socket)

  expect(await ask('b').reply).toBe('b')
  expect(store.asked()).toEqual(['a@0', 'b@1'])
})

test('a connection to the second address of a name holds up nobody’s exit either', async () => {
  const opened = followClientSockets()
  const store = await startLoopbackStore()
  const addresses = [
    { address: '::1', family: 6 },
    { address: '127.0.0.1', family: 4 },
  ]
  const found = vi.spyOn(dns, 'lookup') as unknown as { mockImplementation: (lookUp: LookUp) => void }
  found.mockImplementation((_name, _options, tell) => tell(null, addresses))
  onTestFinished(() => void vi.restoreAllMocks())

  await poolTo({ ...store, hostname: 'store.test' }).ask('a').reply

  const handles = opened.map((socket) => (socket as unknown as { _handle: { hasRef: () => boolean } })._handle)
  expect(handles.map((handle) => handle.hasRef())).toEqual([false])
})
