import { expect, test, vi } from 'vitest'
import { echo, startLoopbackStore } from '../support/loopback-store.ts'
import { poolTo } from '../support/pool-to.ts'

test('a pool that is closed fails who waits, who is under way and who comes later', async () => {
  const store = await startLoopbackStore(() => {})
  const { pool, ask } = poolTo(store, { maxSockets: 1 })
  const [underWay, waiting] = [ask('under way'), ask('waiting')]
  await store.requestsCame(1)

  pool.close()
  const later = ask('later')

  const settled = await Promise.allSettled([underWay, waiting, later].map(({ reply }) => reply))
  const closed = { status: 'rejected', reason: expect.objectContaining({ message: 'the client is closed' }) }
  expect(settled).toEqual([closed, closed, closed])
  await store.closed(0)
  expect(store.asked()).toEqual(['under way@0'])
})

test('a pool that is closed closes its idle connections', async () => {
  const store = await startLoopbackStore()
  const { pool, ask } = poolTo(store)
  await ask('a').reply

  pool.close()

  await store.closed(0)
})

test('a connection that does not come about in time fails its exchange', async () => {
  // Without TLS, what waits for its handshake waits for ever.
  const store = await startLoopbackStore(() => {})
  const { ask } = poolTo({ ...store, isTls: true }, { timeoutMs: 50 })

  await expect(ask('a').reply).rejects.toMatchObject({ name: 'TimeoutError', message: 'no connection in time' })

  await store.closed(0)
})

test.for([
  ['before', 900],
  ['when', 1000],
] as const)('who waits for a connection that is left %s its time is up has one with all of its time', async ([, leftMs]) => {
  const store = await startLoopbackStore()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { ask, leave } = poolTo(store, { timeoutMs: 1000, maxSockets: 1 })

  const [left, waiting] = [ask('left'), ask('waiting')]
  vi.advanceTimersByTime(leftMs)
  leave(left)
  vi.advanceTimersByTime(900)
  vi.useRealTimers()

  expect(await waiting.reply).toBe('waiting')
})

test('a store that breaks off under way fails that exchange, and the next has a new connection', async () => {
  const store = await startLoopbackStore((request) => {
    if (request.body === 'a') request.socket.resetAndDestroy()
    else echo(request)
  })
  const { ask } = poolTo(store, { maxSockets: 1 })
  const [broken, waiting] = [ask('a'), ask('b')]

  await expect(broken.reply).rejects.toMatchObject({ name: 'TimeoutError', code: 'ECONNRESET' })

  expect(await waiting.reply).toBe('b')
  expect(store.asked()).toEqual(['a@0', 'b@1'])
})

test('a reply that cannot be read fails its exchange and closes its connection', async () => {
  const store = await startLoopbackStore(({ socket }) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n'))
  const { ask } = poolTo(store)

  await expect(ask('a').reply).rejects.toMatchObject({ name: 'HTTPParserError' })

  await store.closed(0)
})

test('a reply that is larger than wished for fails its exchange with the reason, and closes its connection', async () => {
  const tooLarge = new Error('too large')
  const store = await startLoopbackStore()
  const requireSmall = (bytes: number) => {
    if (bytes > 10) throw tooLarge
  }
  const { ask } = poolTo(store, { requireSmall })

  await expect(ask('more than ten').reply).rejects.toBe(tooLarge)

  await store.closed(0)
})
