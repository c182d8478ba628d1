import { afterAll, beforeAll, expect, test } from 'vitest'
import { FUTURE_MS } from '../support/future-time.ts'
import { lookEveryWay } from '../support/read-kinds.ts'
import { type Item, startTestService, type TestService } from '../support/test-service.ts'
import { writeWith } from '../support/timed-writes.ts'

const CREATED = '2024-01-02T03:04:05.678Z'
// Seconds since the epoch.
const PAST = Math.floor(FUTURE_MS / 1000)
const LATER = PAST + 1000

let service: TestService
let nowMs = FUTURE_MS

beforeAll(async () => {
  service = await startTestService({ now: () => new Date(nowMs) })
})

afterAll(async () => {
  await service.close()
})

/** An item as the older service wrote it: everything inside `features`, and whatever stands beside them. */
async function putOlder(identifier: string, beside: Item = {}): Promise<void> {
  const metadata = { created_at: { S: CREATED }, updated_at: { S: CREATED }, ttl: { S: 'None' } }
  const features = { M: { data: { M: { f: { N: '1' } } }, metadata: { M: metadata } } }
  await service.put({ bright_uid: { S: identifier }, category: { S: 'cat' }, features, ...beside })
}

async function createdAt(identifier: string): Promise<unknown> {
  const { json } = await service.read(identifier, 'cat')
  return (json as { features: { metadata: { created_at: unknown } } }).features.metadata.created_at
}

test('an item of the older service that is overwritten with a ttl keeps its created_at, and expires', async () => {
  await putOlder('with-ttl')

  await writeWith(service, 'with-ttl', { cat: { g: 2 } }, { ttl: 1 })

  expect(await createdAt('with-ttl')).toBe(CREATED)
  nowMs += 1000
  expect((await service.read('with-ttl', 'cat')).status).toBe(404)
})

test('an item of the older service that has expired is missing in every read, and its created_at does not come back', async () => {
  await putOlder('expired', { expires_at: { N: String(PAST) } })

  const seen = await lookEveryWay(service, 'expired')
  await service.write('expired', { cat: { g: 2 } })

  expect(seen).toEqual(seen.map(() => undefined))
  expect(await createdAt('expired')).toBe(new Date(nowMs).toISOString())
  expect(await service.stored('expired', 'cat')).not.toHaveProperty('expires_at')
})

test('an item of the older service that is to expire later is there, and keeps its created_at when overwritten', async () => {
  await putOlder('later', { expires_at: { N: String(LATER) } })

  const seen = await lookEveryWay(service, 'later')
  await service.write('later', { cat: { g: 2 } })

  expect(seen.map((item) => item?.features.metadata.expires_at)).toEqual(seen.map(() => new Date(LATER * 1000).toISOString()))
  expect(await createdAt('later')).toBe(CREATED)
})

const NO_EXPIRIES: [string, Item[string]][] = [
  ['a string of a past second', { S: String(PAST) }],
  ['an empty string', { S: '' }],
  ['a date', { S: '2020-01-01T00:00:00Z' }],
  ['null', { NULL: true }],
  ['false', { BOOL: false }],
  ['a set of numbers', { NS: [String(PAST)] }],
  ['a list', { L: [{ N: String(PAST) }] }],
  ['a map', { M: {} }],
  ['bytes', { B: new Uint8Array([0]) }],
]

test.for(NO_EXPIRIES)('an expires_at that is %s is no expiry: the item is there in every read', async ([what, expires_at]) => {
  await putOlder(what, { expires_at })

  const seen = await lookEveryWay(service, what)

  expect(seen.map((item) => item?.features)).toStrictEqual(
    seen.map(() => ({
      data: { f: 1 },
      metadata: { created_at: CREATED, updated_at: CREATED, source: 'api', compute_id: 'None', ttl: 'None' },
    })),
  )
})

test.for(NO_EXPIRIES.flatMap(([what, expires_at]) => [undefined, 60].map((ttl) => ({ what, expires_at, ttl }))))(
  'an item whose expires_at is $what can be overwritten with ttl $ttl, and keeps its created_at',
  async ({ what, expires_at, ttl }) => {
    const identifier = `${what} ${ttl}`
    await putOlder(identifier, { expires_at, event_time: { N: '5' } })

    const older = await writeWith(service, identifier, { cat: { g: 1 } }, { event_time: 4 })
    const reply = await writeWith(service, identifier, { cat: { g: 2 } }, ttl === undefined ? {} : { ttl })

    expect([older.status, reply.status]).toEqual([409, 200])
    expect(await createdAt(identifier)).toBe(CREATED)
    const expiry = ttl === undefined ? undefined : { N: String(Math.floor(nowMs / 1000) + ttl) }
    expect((await service.stored(identifier, 'cat'))?.expires_at).toStrictEqual(expiry)
  },
)

// Milliseconds in the place of seconds is what writers get wrong.
const FAR_NUMBERS = ['1759823186943', '1e30', '9.9e125', '253402300800']

test.for(FAR_NUMBERS)('an expires_at of %s is far away: the item is there in every read, and can be overwritten', async (N) => {
  await putOlder(`far-${N}`, { expires_at: { N } })

  const seen = await lookEveryWay(service, `far-${N}`)
  const { status } = await service.write(`far-${N}`, { cat: { g: 2 } })

  expect(seen.map((item) => item?.features.data)).toEqual(seen.map(() => ({ f: 1 })))
  expect(status).toBe(200)
  expect(await createdAt(`far-${N}`)).toBe(CREATED)
})

test.for(['0', '-1', '-1e30', '1e-130', '0.5'])('an expires_at of %s is long past: the item is missing', async (N) => {
  await putOlder(`past-${N}`, { expires_at: { N } })

  const seen = await lookEveryWay(service, `past-${N}`)
  const { status } = await service.write(`past-${N}`, { cat: { g: 2 } })

  expect(seen).toEqual(seen.map(() => undefined))
  expect(status).toBe(200)
  expect(await createdAt(`past-${N}`)).toBe(new Date(nowMs).toISOString())
})
