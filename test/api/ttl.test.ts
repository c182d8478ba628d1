import { afterAll, beforeAll, expect, test } from 'vitest'
import { FUTURE_MS } from '../support/future-time.ts'
import { lookEveryWay, READ_KINDS } from '../support/read-kinds.ts'
import { startTestService, type TestService } from '../support/test-service.ts'
import { writeEntitiesWith, writeWith } from '../support/timed-writes.ts'

let service: TestService
// Only ever moved on: within a service, versions never go back.
let nowMs = FUTURE_MS

beforeAll(async () => {
  service = await startTestService({ now: () => new Date(nowMs) })
})

afterAll(async () => {
  await service.close()
})

/** The first millisecond in which an item written now with this ttl is expired. */
function expiryOf(ttl: number): number {
  return (Math.floor(nowMs / 1000) + ttl) * 1000
}

async function shownMetadata(identifier: string): Promise<Record<string, unknown>> {
  const { json } = await service.read(identifier, 'cat')
  return (json as { features: { metadata: Record<string, unknown> } }).features.metadata
}

test.for([0, 1, 999])('an item written %i ms into a second expires its ttl after that second began', async (ms) => {
  nowMs = Math.ceil(nowMs / 1000) * 1000 + ms
  const expiry = expiryOf(60)

  await writeWith(service, `into-${ms}`, { cat: {} }, { ttl: 60 })

  expect((await service.stored(`into-${ms}`, 'cat'))?.expires_at).toStrictEqual({ N: String(expiry / 1000) })
  expect(await shownMetadata(`into-${ms}`)).toMatchObject({ ttl: 60, expires_at: new Date(expiry).toISOString() })
})

test.for(READ_KINDS)('an item is there a millisecond before its second of expiry and missing from it on: $kind', async (read) => {
  const identifier = `expiring-${READ_KINDS.indexOf(read)}`
  nowMs += 1500
  const expiry = expiryOf(2)
  await writeWith(service, identifier, { cat: { f: 1 } }, { ttl: 2 })

  nowMs = expiry - 1
  const before = await read.look(service, identifier, 'cat', 'bright_uid')
  nowMs = expiry
  const at = await read.look(service, identifier, 'cat', 'bright_uid')
  nowMs = expiry + 86_400_000
  const after = await read.look(service, identifier, 'cat', 'bright_uid')

  expect(before).toMatchObject({ features: { data: { f: 1 }, metadata: { ttl: 2 } } })
  expect([at, after]).toEqual([undefined, undefined])
  expect(await service.stored(identifier, 'cat')).toBeDefined()
})

test('an expired category is missing beside one that lives, in every read', async () => {
  await writeWith(service, 'beside', { expired: { f: 1 } }, { ttl: 1 })
  await writeWith(service, 'beside', { alive: { f: 2 } }, { ttl: 10 })
  nowMs = expiryOf(1)

  const [expired, alive] = await Promise.all([
    lookEveryWay(service, 'beside', 'expired'),
    lookEveryWay(service, 'beside', 'alive'),
  ])

  expect(expired).toEqual(expired.map(() => undefined))
  expect(alive.map((item) => item?.features.data)).toEqual(alive.map(() => ({ f: 2 })))
  const { json } = await service.filter('beside', { expired: ['f'], alive: ['f', 'g'] })
  expect(json).toMatchObject({ missing_categories: ['expired'], missing_features: { alive: ['g'] } })
})

test('an item of the account table expires, too', async () => {
  await writeWith(service, 'account', { cat: {} }, { ttl: 1 }, 'account_id')
  const before = await lookEveryWay(service, 'account', 'cat', 'account_id')
  nowMs = expiryOf(1)

  const after = await lookEveryWay(service, 'account', 'cat', 'account_id')

  expect(before.map((item) => item?.features.metadata.ttl)).toEqual(before.map(() => 1))
  expect(after).toEqual(after.map(() => undefined))
})

test('an item with a ttl and no event time shows none', async () => {
  await writeWith(service, 'ttl-alone', { cat: {} }, { ttl: 60 })

  const seen = await lookEveryWay(service, 'ttl-alone')

  for (const item of seen) expect(item?.features.metadata).not.toHaveProperty('event_time')
})

test('a write without ttl clears it: the item does not expire', async () => {
  await writeWith(service, 'cleared', { cat: { f: 1 } }, { ttl: 1 })
  const expiry = expiryOf(1)

  await service.write('cleared', { cat: { f: 2 } })

  nowMs = expiry + 1
  expect(await service.stored('cleared', 'cat')).not.toHaveProperty('expires_at')
  const metadata = await shownMetadata('cleared')
  expect(metadata).toMatchObject({ ttl: 'None' })
  expect(metadata).not.toHaveProperty('expires_at')
})

test('the ttl of the last write counts, from its own time on, be it longer or shorter', async () => {
  await writeWith(service, 'again', { cat: {} }, { ttl: 5 })
  nowMs += 3000
  const longer = expiryOf(10)
  await writeWith(service, 'again', { cat: {} }, { ttl: 10 })
  const afterLonger = await shownMetadata('again')
  nowMs += 3000
  const shorter = expiryOf(1)

  await writeWith(service, 'again', { cat: {} }, { ttl: 1 })

  expect(afterLonger).toMatchObject({ ttl: 10, expires_at: new Date(longer).toISOString() })
  expect(await shownMetadata('again')).toMatchObject({ ttl: 1, expires_at: new Date(shorter).toISOString() })
  nowMs = shorter
  expect((await service.read('again', 'cat')).status).toBe(404)
})

test('every category of every entity of one write expires by its ttl', async () => {
  const categories = { one: { f: 1 }, two: { f: 2 } }
  const expiry = expiryOf(3)

  await writeEntitiesWith(service, { u1: categories, u2: categories }, { ttl: 3 })

  const items = await Promise.all(['u1', 'u2'].flatMap((u) => ['one', 'two'].map((category) => service.stored(u, category))))
  expect(items.map((item) => item?.expires_at)).toStrictEqual(items.map(() => ({ N: String(expiry / 1000) })))
  nowMs = expiry
  for (const u of ['u1', 'u2']) expect((await service.filter(u, { one: [], two: [] })).status).toBe(404)
})

test('categories that a write with ttl does not name do not expire by it', async () => {
  await service.write('neighbour', { stays: { f: 1 } })
  await writeWith(service, 'neighbour', { goes: { f: 2 } }, { ttl: 1 })

  nowMs = expiryOf(1)

  const { json } = await service.filter('neighbour', { stays: [], goes: [] })
  expect(json).toMatchObject({ items: { stays: { features: { data: { f: 1 } } } }, missing_categories: ['goes'] })
})
