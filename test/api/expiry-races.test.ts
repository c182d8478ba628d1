import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { FUTURE_MS } from '../support/future-time.ts'
import type { SeenItem } from '../support/read-kinds.ts'
import { repeatDuring } from '../support/repeat-during.ts'
import { passEverything, type Script } from '../support/scripted-dynamodb.ts'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'
import type { TestService } from '../support/test-service.ts'
import { writeWith } from '../support/timed-writes.ts'

const WRITERS = Array.from({ length: 30 }, (_, writer) => writer)
const OLD_EVENT = '2025-10-07T07:00:00.000Z'

let fleet: ServiceFleet
// What the time is for all services; the second one's clock is a little ahead.
let nowMs = FUTURE_MS
let first: TestService
let second: TestService
let services: TestService[]
let identifier: string

beforeAll(async () => {
  fleet = await startFleet()
  first = await fleet.start({ now: () => new Date(nowMs) })
  second = await fleet.start({ now: () => new Date(nowMs + 250) })
  services = [first, second]
})

beforeEach(() => {
  identifier = randomUUID()
  fleet.dynamodb.use(passEverything)
})

afterAll(async () => {
  await fleet.close()
})

/** Writes a category that has expired when this resolves; its created_at. */
async function writeExpired(): Promise<string> {
  await writeWith(first, identifier, { cat: { old: true } }, { ttl: 1, event_time: OLD_EVENT })
  const { json } = await first.read(identifier, 'cat')
  nowMs += 5000
  return (json as SeenItem).features.metadata.created_at as string
}

async function look(): Promise<SeenItem | undefined> {
  const { status, json } = await first.read(identifier, 'cat')
  return status === 200 ? (json as SeenItem) : undefined
}

function createdTimes(seen: (SeenItem | undefined)[]): unknown[] {
  return seen.filter((item) => item !== undefined).map(({ features }) => features.metadata.created_at)
}

const METADATA: [string, (writer: number) => object][] = [
  ['nothing', () => ({})],
  ['a ttl', () => ({ ttl: 3600 })],
  ['event times older than the old one', (writer) => ({ event_time: writer })],
]

test.for(METADATA)('many writes at once over an expired item begin one new life: with %s', async ([_, metadataOf]) => {
  const oldCreatedAt = await writeExpired()

  const writing = Promise.all(
    WRITERS.map(async (writer) => {
      const service = services[writer % services.length] ?? first
      const { status } = await writeWith(service, identifier, { cat: { writer } }, metadataOf(writer))
      return { status, seen: await look() }
    }),
  )
  const during = await repeatDuring(writing, look)

  const told = await writing
  expect(told.filter(({ status }) => status !== 200 && status !== 409)).toEqual([])
  const seen = [...during, ...told.map(({ seen: item }) => item)]
  expect(seen.filter((item) => item?.features.data.old)).toEqual([])
  const created = new Set(createdTimes(seen))
  expect(created.size).toBe(1)
  expect(created).not.toContain(oldCreatedAt)
  expect(told.map(({ seen: item }) => item === undefined)).toEqual(WRITERS.map(() => false))
})

test('of many event times at once over an expired item the newest stays, though all are older than the old one', async () => {
  await writeExpired()

  const statuses = await Promise.all(
    WRITERS.map(async (index) => {
      const writer = (index * 37 + 12) % WRITERS.length
      const service = services[index % services.length] ?? first
      return (await writeWith(service, identifier, { cat: { writer } }, { event_time: writer })).status
    }),
  )

  expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([])
  expect(await look()).toMatchObject({ features: { data: { writer: 29 }, metadata: { event_time: '1970-01-01T00:00:00.029Z' } } })
})

/** Lets the first update of each write pass, which finds the item expired, and holds each one's second. */
function holdSecondUpdates(writes: number): Script {
  let updates = 0
  return ({ operation }) => {
    if (operation !== 'UpdateItem') return 'pass'
    updates += 1
    return updates > writes ? 'hold' : 'pass'
  }
}

test('two writes that both found an item expired begin one new life', async () => {
  await writeExpired()
  fleet.dynamodb.use(holdSecondUpdates(2))
  const replies = services.map((service, writer) => service.write(identifier, { cat: { writer } }))
  const held = await fleet.dynamodb.holding(2)
  fleet.dynamodb.use(passEverything)

  await held[0]?.release()
  const afterOne = await look()
  await held[1]?.release()

  expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([200, 200])
  expect(createdTimes([await look()])).toEqual(createdTimes([afterOne]))
})

test('a write that found an item expired is refused when a newer event time has come since', async () => {
  await writeExpired()
  fleet.dynamodb.use(holdSecondUpdates(1))
  const slow = writeWith(first, identifier, { cat: { writer: 'slow' } }, { event_time: 5 })
  const [held] = await fleet.dynamodb.holding(1)
  fleet.dynamodb.use(passEverything)
  await writeWith(second, identifier, { cat: { writer: 'fast' } }, { event_time: 6 })

  await held?.release()

  expect(await slow).toMatchObject({ status: 409, json: { stored_event_time: '1970-01-01T00:00:00.006Z' } })
  expect((await look())?.features.data).toEqual({ writer: 'fast' })
})
