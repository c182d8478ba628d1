import { expect, test } from 'vitest'
import { createHeldRequests } from '../support/held-requests.ts'
import { echo, startLoopbackStore } from '../support/loopback-store.ts'
import { poolTo } from '../support/pool-to.ts'

test('an exchange that is left while it waits is never sent', async () => {
  const { hold, answerNext } = createHeldRequests()
  const store = await startLoopbackStore(hold)
  const { ask, leave } = poolTo(store, { maxSockets: 1 })
  const [first, left, last] = [ask('first'), ask('left'), ask('last')]
  await store.requestsCame(1)

  leave(left)
  answerNext()
  await store.requestsCame(2)
  answerNext()

  expect([await first.reply, await last.reply]).toEqual(['first', 'last'])
  expect(store.asked()).toEqual(['first@0', 'last@0'])
})

test.for([
  ['a connection that is not there yet', false],
  ['a connection that is there', true],
] as const)('an exchange that is left before it is sent leaves %s to the next', async ([, isThere]) => {
  const store = await startLoopbackStore()
  const { ask, leave } = poolTo(store, { maxSockets: 1 })
  if (isThere) await ask('before').reply

  leave(ask('left'))
  const reply = await ask('next').reply

  expect(reply).toBe('next')
  expect(store.asked().at(-1)).toBe('next@0')
  expect(store.asked()).not.toContain('left@0')
})

test('an exchange that is left before it is sent gives its connection to the one that waits', async () => {
  const store = await startLoopbackStore()
  const { ask, leave } = poolTo(store, { maxSockets: 1 })
  const [left, waiting] = [ask('left'), ask('waiting')]

  leave(left)

  expect(await waiting.reply).toBe('waiting')
  expect(store.asked()).toEqual(['waiting@0'])
})

test('an exchange that is left after it was sent takes its connection with it, and the next has a new one', async () => {
  const store = await startLoopbackStore((request) => {
    if (request.body !== 'left') echo(request)
  })
  const { ask, leave } = poolTo(store, { maxSockets: 1 })
  const [left, waiting] = [ask('left'), ask('waiting')]
  await store.requestsCame(1)

  leave(left)

  expect(await waiting.reply).toBe('waiting')
  expect(store.asked()).toEqual(['left@0', 'waiting@1'])
  await store.closed(0)
})

test('an exchange that is left when it has its reply changes nothing', async () => {
  const store = await startLoopbackStore()
  const { ask, leave } = poolTo(store)
  const first = ask('first')
  await first.reply

  const next = ask('next')
  leave(first)

  expect(await next.reply).toBe('next')
  expect(store.asked()).toEqual(['first@0', 'next@0'])
})

test('a connection that is not there yet, and that nobody waits for any more, is given to nobody before one that is', async () => {
  const store = await startLoopbackStore()
  const { ask, leave } = poolTo(store, { maxSockets: 2 })
  await ask('before').reply

  // The first has the connection that is there, the other opens one.
  const [first, other] = [ask('first'), ask('other')]
  leave(first)
  leave(other)

  expect(await ask('next').reply).toBe('next')
  expect(store.asked()).toEqual(['before@0', 'next@0'])
})
