import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { repeatDuring } from '../support/repeat-during.ts'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'
import type { TestService } from '../support/test-service.ts'
import { writeEntitiesWith, writeWith } from '../support/timed-writes.ts'

type Fate = { status: string; code?: string; stored_event_time?: string }
type Item = { features: { data: { writer: number }; metadata: { event_time: string } } }

const MINUTES = 60_000
const WRITERS = 50
const NEWEST = WRITERS - 1

/** Every writer once, in an order without order, the newest in its middle: 37 and 50 have no common factor. */
const SHUFFLED = Array.from({ length: WRITERS }, (_, index) => (index * 37 + 12) % WRITERS)

let fleet: ServiceFleet
let one: TestService
let ahead: TestService
let behind: TestService
let identifier: string

beforeAll(async () => {
  fleet = await startFleet()
  const clockOff = (ms: number) => () => new Date(Date.now() + ms)
  one = await fleet.start()
  ahead = await fleet.start({ now: clockOff(4 * MINUTES) })
  behind = await fleet.start({ now: clockOff(-3 * MINUTES) })
})

beforeEach(() => {
  identifier = randomUUID()
})

afterAll(async () => {
  await fleet.close()
})

function timeOf(writer: number): string {
  return new Date(Date.parse('2025-10-07T00:00:00.000Z') + writer * 1000).toISOString()
}

const ALL_TIMES = SHUFFLED.map(timeOf)

function servicesOf(which: string): TestService[] {
  return which === 'one service' ? [one] : [ahead, behind]
}

/** What is wrong with what a writer was told of one category, in words. */
function faultsOfFate(writer: number, fate: Fate | undefined): string[] {
  if (fate?.status === 'replaced') return []
  if (fate?.status !== 'failed' || fate.code !== 'STALE_WRITE') return [`${writer} was told ${JSON.stringify(fate)}`]
  const { stored_event_time: stored = '' } = fate
  const isTrue = stored > timeOf(writer) && ALL_TIMES.includes(stored)
  return isTrue ? [] : [`${writer} was told that ${stored} is stored`]
}

async function read(category = 'cat'): Promise<Item | undefined> {
  const { status, json } = await fleet.observer.read(identifier, category)
  return status === 200 ? (json as Item) : undefined
}

function fateIn(json: unknown, category: string): Fate | undefined {
  return (json as { results: Record<string, Fate> }).results[category]
}

test.for(['one service', 'two services whose clocks are minutes apart'])(
  'of 50 writes at once with shuffled event times the newest stays, and each is answered truly: %s',
  async (which) => {
    const services = servicesOf(which)

    const writing = Promise.all(
      SHUFFLED.map(async (writer, index) => {
        const service = services[index % services.length] ?? one
        const { status, json } = await writeWith(service, identifier, { cat: { writer } }, { event_time: timeOf(writer) })
        return { writer, status, fate: fateIn(json, 'cat') }
      }),
    )
    const seen = await repeatDuring(writing, read)

    const told = await writing
    expect(told.filter(({ status }) => status !== 200 && status !== 409)).toEqual([])
    expect(told.flatMap(({ writer, fate }) => faultsOfFate(writer, fate))).toEqual([])
    expect(told.find(({ writer }) => writer === NEWEST)).toMatchObject({ status: 200 })
    const last = await read()
    expect(last?.features).toMatchObject({ data: { writer: NEWEST }, metadata: { event_time: timeOf(NEWEST) } })
    const sights = [...seen, last].filter((item) => item !== undefined).map(({ features }) => features)
    expect(sights.filter(({ data, metadata }) => metadata.event_time !== timeOf(data.writer))).toEqual([])
    const times = sights.map(({ metadata }) => metadata.event_time)
    expect(times).toEqual(times.toSorted())
  },
)

test('once the newest is acknowledged every older one is refused, whichever service it goes to', async () => {
  await writeWith(behind, identifier, { cat: { writer: NEWEST } }, { event_time: timeOf(NEWEST) })
  const before = await read()

  const replies = await Promise.all(
    SHUFFLED.filter((writer) => writer !== NEWEST).map((writer, index) =>
      writeWith(index % 2 === 0 ? ahead : behind, identifier, { cat: { writer } }, { event_time: timeOf(writer) }),
    ),
  )

  expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 409))
  expect(new Set(replies.map(({ json }) => fateIn(json, 'cat')?.stored_event_time))).toEqual(new Set([timeOf(NEWEST)]))
  expect(await read()).toStrictEqual(before)
})

test('writes of several categories at once end with the newest in each, and tell the fate of each truly', async () => {
  const categories = ['one', 'two', 'three']
  const writers = SHUFFLED.slice(0, 20)
  const newest = Math.max(...writers)

  const told = await Promise.all(
    writers.map(async (writer, index) => {
      const body = Object.fromEntries(categories.map((category) => [category, { writer }]))
      const service = index % 2 === 0 ? ahead : behind
      const query = { event_time: timeOf(writer) }
      const { status, json } = await writeEntitiesWith(service, { [identifier]: body }, query)
      const results = (json as { results: Record<string, unknown> }).results[identifier]
      return { writer, status, fates: categories.map((category) => fateIn({ results }, category)) }
    }),
  )

  expect(told.flatMap(({ writer, fates }) => fates.flatMap((fate) => faultsOfFate(writer, fate)))).toEqual([])
  for (const { status, fates } of told) {
    expect(status).toBe(fates.every((fate) => fate?.status === 'replaced') ? 200 : 409)
  }
  const last = await Promise.all(categories.map((category) => read(category)))
  expect(last.map((item) => item?.features.data.writer)).toEqual(categories.map(() => newest))
})

test('writes without event time among them lose nothing: the newest event time stays', async () => {
  const replies = await Promise.all(
    SHUFFLED.slice(0, 30).map((writer, index) =>
      index % 3 === 0
        ? one.write(identifier, { cat: { writer } })
        : writeWith(one, identifier, { cat: { writer } }, { event_time: timeOf(writer) }),
    ),
  )

  const newest = Math.max(...SHUFFLED.slice(0, 30).filter((_, index) => index % 3 !== 0))
  expect(replies.filter(({ status }) => status !== 200 && status !== 409)).toEqual([])
  expect(replies.filter((_, index) => index % 3 === 0).map(({ status }) => status)).toEqual(Array(10).fill(200))
  expect((await read())?.features.metadata.event_time).toBe(timeOf(newest))
})
