import { expect, test } from 'vitest'
import { freeTcpPort } from '../support/free-port.ts'
import { createHeldRequests } from '../support/held-requests.ts'
import { echo, replyText, startLoopbackStore } from '../support/loopback-store.ts'
import { poolTo } from '../support/pool-to.ts'

test('exchanges one after another go over one connection', async () => {
  const store = await startLoopbackStore()
  const { ask } = poolTo(store)

  const replies = [await ask('a').reply, await ask('b').reply, await ask('c').reply]

  expect(replies).toEqual(['a', 'b', 'c'])
  expect(store.asked()).toEqual(['a@0', 'b@0', 'c@0'])
})

test('the connection that was used last goes first', async () => {
  const { hold, answerNext } = createHeldRequests()
  const store = await startLoopbackStore(hold)
  const { ask } = poolTo(store)
  const both = [ask('a'), ask('b')]
  const came = (await store.requestsCame(2)).map(({ connection }) => connection)
  answerNext()
  await both[came[0] === 0 ? 0 : 1]?.reply
  answerNext()
  await Promise.all(both.map(({ reply }) => reply))

  const next = ask('c')
  await store.requestsCame(3)
  answerNext()
  await next.reply
  const after = ask('d')
  await store.requestsCame(4)
  answerNext()
  await after.reply

  const lastUsed = came[1]
  expect(store.asked().slice(2)).toEqual([`c@${lastUsed}`, `d@${lastUsed}`])
})

test('there are as many connections as may be, and the other exchanges wait and are served in their order', async () => {
  const { hold, answerNext } = createHeldRequests()
  const store = await startLoopbackStore(hold)
  const { ask } = poolTo(store, { maxSockets: 1 })
  const asked = ['a', 'b', 'c', 'd'].map((name) => ask(name))
  const served: string[] = []
  for (const { reply } of asked) reply.then((body) => served.push(body))

  for (let count = 1; count <= asked.length; count += 1) {
    await store.requestsCame(count)
    answerNext()
  }
  await Promise.all(asked.map(({ reply }) => reply))

  expect(served).toEqual(['a', 'b', 'c', 'd'])
  expect(store.asked()).toEqual(['a@0', 'b@0', 'c@0', 'd@0'])
})

test('exchanges of one turn all arrive, each at its own caller', async () => {
  const store = await startLoopbackStore()
  const { ask } = poolTo(store, { maxSockets: 8 })
  const names = Array.from({ length: 40 }, (_, index) => `request ${index}`)

  const replies = await Promise.all(names.map((name) => ask(name).reply))

  expect(replies).toEqual(names)
  expect(store.sockets).toHaveLength(8)
})

test('a reply that says so is the last on its connection', async () => {
  const store = await startLoopbackStore(({ socket, body }) => void socket.write(replyText(body, 'connection: close\r\n')))
  const { ask } = poolTo(store, { maxSockets: 1 })

  const replies = await Promise.all([ask('a').reply, ask('b').reply])

  expect(replies).toEqual(['a', 'b'])
  expect(store.asked()).toEqual(['a@0', 'b@1'])
})

test('a reply that ends with its connection is whole', async () => {
  const store = await startLoopbackStore(({ socket, body }) => void socket.end(`HTTP/1.1 200 OK\r\n\r\nall of ${body}`))
  const { ask } = poolTo(store, { maxSockets: 1 })

  const replies = await Promise.all([ask('a').reply, ask('b').reply])

  expect(replies).toEqual(['all of a', 'all of b'])
  expect(store.asked()).toEqual(['a@0', 'b@1'])
})

test('a port that nobody listens on fails each exchange with its code, those that wait included', async () => {
  const { ask } = poolTo({ port: await freeTcpPort() }, { maxSockets: 1 })

  const settled = await Promise.allSettled([ask('a').reply, ask('b').reply])

  const refused = { status: 'rejected', reason: expect.objectContaining({ name: 'Error', code: 'ECONNREFUSED' }) }
  expect(settled).toEqual([refused, refused])
})

test('an IPv6 address stands in brackets, as in a URL', async ({ skip }) => {
  const store = await startLoopbackStore(echo, { host: '::1' }).catch(() => skip('this machine has no IPv6'))
  const { ask } = poolTo({ ...store, hostname: '[::1]' })

  expect(await ask('a').reply).toBe('a')
})

test('a name of several addresses is reached at the one that listens', async () => {
  const store = await startLoopbackStore()
  const { ask } = poolTo({ ...store, hostname: 'localhost' })

  expect([await ask('a').reply, await ask('b').reply]).toEqual(['a', 'b'])
})
