import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { FUTURE_MS } from '../support/future-time.ts'
import { passEverything, type Script } from '../support/scripted-dynamodb.ts'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'
import type { TestService } from '../support/test-service.ts'
import { type WriterMetadata, writeWith } from '../support/timed-writes.ts'

let fleet: ServiceFleet
let service: TestService
// Both give up on what is held back, the second one late enough for several calls before.
let hasty: TestService
let lessHasty: TestService
let nowMs = FUTURE_MS
let identifier: string

beforeAll(async () => {
  fleet = await startFleet()
  const now = () => new Date(nowMs)
  service = await fleet.start({ now })
  hasty = await fleet.start({ now, app: { requestTimeoutMs: 300 } })
  lessHasty = await fleet.start({ now, app: { requestTimeoutMs: 1000 } })
})

beforeEach(() => {
  identifier = randomUUID()
  nowMs += 10_000
  fleet.dynamodb.use(passEverything)
})

afterAll(async () => {
  await fleet.close()
})

/** Holds every update from the n-th on. */
function holdUpdatesFrom(n: number): Script {
  let updates = 0
  return ({ operation }) => {
    if (operation !== 'UpdateItem') return 'pass'
    updates += 1
    return updates >= n ? 'hold' : 'pass'
  }
}

/** Writes the value `late` so that its n-th update is still on its way when the writer is told that it is not known. */
async function writeLate(metadata: WriterMetadata, n = 1) {
  fleet.dynamodb.use(holdUpdatesFrom(n))
  const { status, json } = await writeWith(n > 1 ? lessHasty : hasty, identifier, { cat: { value: 'late' } }, metadata)
  const held = fleet.dynamodb.held()
  await Promise.all(held.map((attempt) => attempt.givenUp))
  fleet.dynamodb.use(passEverything)
  nowMs += 10
  expect(status).toBe(504)
  expect(json).toMatchObject({ results: { cat: { status: 'unknown', code: 'DEADLINE_EXCEEDED' } } })
  return held
}

/** Writes what is acknowledged, and then lets the late attempts arrive: nothing must change. */
async function expectNoEffect(late: Awaited<ReturnType<typeof writeLate>>, next: WriterMetadata): Promise<void> {
  const reply = await writeWith(service, identifier, { cat: { value: 'next' } }, next)
  expect(reply.status).toBe(200)
  const acknowledged = await fleet.observer.stored(identifier, 'cat')

  const said: number[] = []
  for (const attempt of late) said.push((await attempt.release()).status)

  expect(late.length).toBeGreaterThan(0)
  expect(said).toEqual(late.map(() => 400))
  expect(acknowledged?.features?.M?.data).toEqual({ M: { value: { S: 'next' } } })
  expect(await fleet.observer.stored(identifier, 'cat')).toStrictEqual(acknowledged)
}

const TIMES: [string, WriterMetadata, WriterMetadata][] = [
  ['a newer event time than the one acknowledged since', { event_time: 9 }, { event_time: 5 }],
  ['an older event time', { event_time: 3 }, { event_time: 5 }],
  ['an equal event time', { event_time: 5 }, { event_time: 5 }],
  ['an event time, after a write without', { event_time: 9 }, {}],
  ['no event time, after a write with one', {}, { event_time: 5 }],
  ['a ttl, after a write without', { ttl: 60 }, {}],
  ['no ttl, after a write with one', {}, { ttl: 60 }],
]

test.for(TIMES.slice(0, 1))('an attempt that comes late with %s changes nothing', async ([_, late, next]) => {
  const attempts = await writeLate(late)

  await expectNoEffect(attempts, next)
})

test.for(TIMES)(
  'an attempt that comes late changes nothing of a category that was stored before: with %s',
  async ([_, late, next]) => {
    await writeWith(service, identifier, { cat: { value: 'before' } }, { event_time: 1, ttl: 3600 })
    nowMs += 10
    const attempts = await writeLate(late)

    await expectNoEffect(attempts, next)
  },
)

test.for([
  ['first', 1],
  ['second', 2],
] as const)('the %s update of a write over an expired item that comes late changes nothing', async ([_, n]) => {
  await writeWith(service, identifier, { cat: { value: 'expired' } }, { ttl: 1, event_time: 7 })
  nowMs += 5000
  const attempts = await writeLate({ event_time: 9 }, n)

  await expectNoEffect(attempts, { event_time: 2 })
})

test('an attempt from before the expiry that comes after a new life has begun changes nothing', async () => {
  await writeWith(service, identifier, { cat: { value: 'expired' } }, { ttl: 2, event_time: 1 })
  nowMs += 10
  const attempts = await writeLate({ event_time: 9 })
  nowMs += 5000

  await expectNoEffect(attempts, { event_time: 5 })
})

test('a stale write whose only attempt comes late is stale there, too', async () => {
  await writeWith(service, identifier, { cat: { value: 'before' } }, { event_time: 7 })
  nowMs += 10
  const before = await fleet.observer.stored(identifier, 'cat')
  const [attempt] = await writeLate({ event_time: 6 })

  const said = await attempt?.release()

  expect(said?.status).toBe(400)
  expect(await fleet.observer.stored(identifier, 'cat')).toStrictEqual(before)
})

test('an attempt that arrives while nothing was written since is applied whole, and counts for event times', async () => {
  const [attempt] = await writeLate({ event_time: 5, ttl: 60, source: 'late' })

  await attempt?.release()

  expect(await fleet.observer.stored(identifier, 'cat')).toMatchObject({ event_time: { N: '5' } })
  const older = await writeWith(service, identifier, { cat: { value: 'older' } }, { event_time: 4 })
  const newer = await writeWith(service, identifier, { cat: { value: 'newer' } }, { event_time: 6 })
  expect([older.status, newer.status]).toEqual([409, 200])
})
