import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { expectProblem } from '../support/expect-problem.ts'
import { lookEveryWay } from '../support/read-kinds.ts'
import { startTestService, type TestService } from '../support/test-service.ts'
import { queryOf, WRITE_KINDS, writeWith } from '../support/timed-writes.ts'

const OLDER = '2025-10-07T07:46:26.942Z'
const STORED = '2025-10-07T07:46:26.943Z'
const NEWER = '2025-10-07T07:46:26.944Z'

let service: TestService
let count = 0
/** An entity whose category `cat` was written with STORED as its event time. */
let identifier: string

beforeAll(async () => {
  service = await startTestService()
})

beforeEach(async () => {
  count += 1
  identifier = `entity-${count}`
  await writeWith(service, identifier, { cat: { f: 'stored' } }, { event_time: STORED, source: 'first', ttl: 3600 })
})

afterAll(async () => {
  await service.close()
})

async function shown() {
  const { json } = await service.read(identifier, 'cat')
  return (json as { features: { data: object; metadata: Record<string, unknown> } }).features
}

test.for(WRITE_KINDS)(
  'an older write is refused with the stored event time, and nothing changes: $kind',
  async ({ kind, send }) => {
    const before = await service.dump()

    const query = queryOf({ event_time: OLDER, ttl: 7200, source: 'late' })
    const reply = await send(service, identifier, { cat: { f: 'older' } }, query)

    const problem = expectProblem(reply, 409, 'STALE_WRITE')
    const stale = { cat: { status: 'failed', code: 'STALE_WRITE', stored_event_time: STORED } }
    expect(problem).toMatchObject({ type: 'urn:problem:stale-write', stored_event_time: STORED })
    expect(problem.results).toStrictEqual(kind.includes('many') ? { [identifier]: stale } : stale)
    expect(await service.dump()).toBe(before)
  },
)

test('a refused write is refused again, as long as nothing changes', async () => {
  const before = await service.dump()

  const statuses: number[] = []
  for (let time = 1; time <= 5; time += 1) {
    statuses.push((await writeWith(service, identifier, { cat: { time } }, { event_time: time })).status)
  }

  expect(statuses).toEqual([409, 409, 409, 409, 409])
  expect(await service.dump()).toBe(before)
})

test('an equal event time is accepted, so that sending the same write again is safe', async () => {
  const reply = await writeWith(service, identifier, { cat: { f: 'equal' } }, { event_time: STORED })

  expect(reply).toMatchObject({ status: 200, json: { results: { cat: { status: 'replaced', feature_count: 1 } } } })
  const { data, metadata } = await shown()
  expect(data).toEqual({ f: 'equal' })
  expect(metadata).toMatchObject({ event_time: STORED, source: 'api' })
})

test('a newer event time is accepted, and is what counts from then on', async () => {
  const newer = await writeWith(service, identifier, { cat: { f: 'newer' } }, { event_time: NEWER })
  const former = await writeWith(service, identifier, { cat: { f: 'former' } }, { event_time: STORED })

  expect([newer.status, former.status]).toEqual([200, 409])
  expect(former.json).toMatchObject({ stored_event_time: NEWER })
  const { data, metadata } = await shown()
  expect(data).toEqual({ f: 'newer' })
  expect(metadata.event_time).toBe(NEWER)
})

test('a write without event time is accepted and keeps the stored one, which counts for later ones', async () => {
  const without = await service.write(identifier, { cat: { f: 'without' } })
  const older = await writeWith(service, identifier, { cat: { f: 'older' } }, { event_time: OLDER })
  const between = await shown()
  const equal = await writeWith(service, identifier, { cat: { f: 'equal' } }, { event_time: STORED })

  expect([without.status, older.status, equal.status]).toEqual([200, 409, 200])
  expect(between.data).toEqual({ f: 'without' })
  expect(between.metadata).toMatchObject({ event_time: STORED, source: 'api', ttl: 'None' })
})

test('a category that has no event time takes any, and has it from then on', async () => {
  await service.write(identifier, { none: { f: 1 } })

  const first = await writeWith(service, identifier, { none: { f: 2 } }, { event_time: 0 })
  const second = await writeWith(service, identifier, { none: { f: 3 } }, { event_time: 1 })
  const third = await writeWith(service, identifier, { none: { f: 4 } }, { event_time: 0 })

  expect([first.status, second.status, third.status]).toEqual([200, 200, 409])
  expect(third.json).toMatchObject({ stored_event_time: '1970-01-01T00:00:00.001Z' })
})

test('the event time is shown by every read, and where none is stored there is no such member', async () => {
  await service.write(identifier, { none: {} })

  const [timed, none] = await Promise.all([lookEveryWay(service, identifier), lookEveryWay(service, identifier, 'none')])

  expect(timed.map((item) => item?.features.metadata.event_time)).toEqual(timed.map(() => STORED))
  for (const item of none) expect(item?.features.metadata).not.toHaveProperty('event_time')
})

test('event times are of one table, one entity and one category', async () => {
  const query = { event_time: OLDER }

  const replies = [
    await writeWith(service, identifier, { cat: {} }, query, 'account_id'),
    await writeWith(service, `${identifier}-other`, { cat: {} }, query),
    await writeWith(service, identifier, { other: {} }, query),
  ]

  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200])
})

test('a stale write does not lengthen or end the life of what is stored', async () => {
  const before = await shown()

  await writeWith(service, identifier, { cat: {} }, { event_time: OLDER, ttl: 1 })

  expect((await shown()).metadata).toStrictEqual(before.metadata)
})
