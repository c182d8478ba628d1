import { expect, test } from 'vitest'
import { createGate } from '../support/gate.ts'
import { startServiceOver } from '../support/service-over-client.ts'
import { findNothing, startWireStore, type WireRequest } from '../support/wire-store.ts'

const MAX_CONNECTIONS = 64
const FEATURES = { cat: { f: 1 } }

/** Categories enough for a write of several UpdateItems. */
function categories(count: number): Record<string, object> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`category-${index}`, { f: index }]))
}

test('calls one after the other, of all kinds and both tables, share one connection', async () => {
  const store = await startWireStore()
  const service = await startServiceOver({ endpoint: store.url })

  for (let turn = 0; turn < 5; turn += 1) {
    await service.read('user', 'cat')
    await service.write('user', FEATURES)
    await service.read('user', 'cat?table_type=account_id')
  }

  expect(store.requests()).toHaveLength(15)
  expect(store.connections()).toBe(1)
})

test('many calls at once share 64 connections, which are used again', async () => {
  const full = createGate(MAX_CONNECTIONS)
  const store = await startWireStore(async ({ number }) => {
    if (number <= MAX_CONNECTIONS) void full.arrive()
    await full.arrived
    return findNothing()
  })
  const service = await startServiceOver({ endpoint: store.url })

  const writes = Array.from({ length: 10 }, (_, index) => service.write(`user-${index}`, categories(32)))
  const replies = await Promise.all(writes)

  expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200))
  expect(store.requests()).toHaveLength(320)
  expect(store.peakConnections()).toBe(MAX_CONNECTIONS)
  expect(store.connections()).toBe(MAX_CONNECTIONS)
})

test('connections that the store closed while they were idle cost no request', async () => {
  const store = await startWireStore()
  const service = await startServiceOver({ endpoint: store.url })
  await service.write('user', categories(32))
  const before = store.connections()

  await store.closeIdle()
  const read = await service.read('user', 'cat')
  const write = await service.write('user', categories(32))

  expect([read.status, write.status]).toEqual([404, 200])
  expect(store.connections()).toBeGreaterThan(before)
})

test('a store that closes each connection after its reply is read and written as ever', async () => {
  const store = await startWireStore(() => 'close')
  const service = await startServiceOver({ endpoint: store.url })

  const statuses: number[] = []
  for (let turn = 0; turn < 10; turn += 1) {
    statuses.push((await service.read('user', 'cat')).status, (await service.write('user', FEATURES)).status)
  }

  expect(new Set(statuses)).toEqual(new Set([404, 200]))
})

test.for(['reset', 'break off'] as const)('a connection that breaks (%s) harms no other call', async (fault) => {
  const all = createGate(16)
  const isFirstOfUnlucky = new Set<string>()
  async function answer({ number, text }: WireRequest) {
    if (number <= 16) void all.arrive()
    await all.arrived
    if (!text.includes('unlucky') || isFirstOfUnlucky.has(text)) return findNothing()
    isFirstOfUnlucky.add(text)
    return fault
  }
  const store = await startWireStore(answer)
  const service = await startServiceOver({ endpoint: store.url })

  const identifiers = Array.from({ length: 16 }, (_, index) => (index % 4 === 0 ? `unlucky-${index}` : `user-${index}`))
  const replies = await Promise.all(identifiers.map((identifier) => service.write(identifier, FEATURES)))

  expect(replies.map(({ status }) => status)).toEqual(identifiers.map(() => 200))
  expect(store.requests()).toHaveLength(20)
})

test('a connection that breaks on every attempt leaves a write in doubt, and the next call gets a new one', async () => {
  let isBroken = true
  const store = await startWireStore(() => (isBroken ? 'break off' : findNothing()))
  const service = await startServiceOver({ endpoint: store.url })

  const broken = await service.write('user', FEATURES)
  isBroken = false
  const next = await service.write('user', FEATURES)

  expect(broken).toMatchObject({ status: 503, json: { results: { cat: { status: 'unknown', code: 'STORE_UNAVAILABLE' } } } })
  expect(next.status).toBe(200)
  expect(store.requests()).toHaveLength(4)
})
