import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectProblem } from '../support/expect-problem.ts'
import { startTestService, type TestService } from '../support/test-service.ts'
import { writeEntitiesWith, writeWith } from '../support/timed-writes.ts'

const OLD = '2025-10-07T00:00:00.000Z'
const NOW = '2025-10-07T07:00:00.000Z'
const NEW = '2025-10-07T09:00:00.000Z'
const NEWEST = '2025-10-07T10:00:00.000Z'

let service: TestService

beforeAll(async () => {
  service = await startTestService()
})

afterAll(async () => {
  await service.close()
})

const replaced = { status: 'replaced', feature_count: 1 }

function stale(stored_event_time: string) {
  return { status: 'failed', code: 'STALE_WRITE', stored_event_time }
}

/** One entity whose categories `old`, `same`, `new` and `newest` have been written with such event times, and `none` without. */
async function seed(identifier: string): Promise<void> {
  await service.write(identifier, { none: { f: 'before' } })
  for (const [category, event_time] of Object.entries({ old: OLD, same: NOW, new: NEW, newest: NEWEST })) {
    await writeWith(service, identifier, { [category]: { f: 'before' } }, { event_time })
  }
}

/** The feature `f` of each category that is there. */
async function valuesOf(identifier: string, ...categories: string[]): Promise<Record<string, unknown>> {
  const { json } = await service.filter(identifier, Object.fromEntries(categories.map((category) => [category, []])))
  const { items } = json as { items: Record<string, { features: { data: { f: unknown } } }> }
  return Object.fromEntries(Object.entries(items).map(([category, { features }]) => [category, features.data.f]))
}

function written(...categories: string[]) {
  return Object.fromEntries(categories.map((category) => [category, { f: 'after' }]))
}

test('of several categories the stale one is refused and the others are written', async () => {
  await seed('one-stale')
  const before = await service.stored('one-stale', 'new')

  const reply = await writeWith(service, 'one-stale', written('old', 'new', 'same', 'none', 'first'), { event_time: NOW })

  const problem = expectProblem(reply, 409, 'STALE_WRITE')
  expect(problem).toMatchObject({ stored_event_time: NEW })
  expect(problem.results).toStrictEqual({ old: replaced, new: stale(NEW), same: replaced, none: replaced, first: replaced })
  expect(await service.stored('one-stale', 'new')).toEqual(before)
  expect(await valuesOf('one-stale', 'old', 'new', 'same', 'none', 'first')).toEqual({
    old: 'after',
    new: 'before',
    same: 'after',
    none: 'after',
    first: 'after',
  })
})

test.for([
  ['the latest first', ['newest', 'new']],
  ['the latest last', ['new', 'newest']],
] as const)('of several stale categories the problem tells the latest stored event time, %s', async ([order, categories]) => {
  await seed(order)

  const reply = await writeWith(service, order, written(...categories, 'old'), { event_time: NOW })

  const problem = expectProblem(reply, 409, 'STALE_WRITE')
  expect(problem).toMatchObject({ stored_event_time: NEWEST })
  expect(problem.results).toStrictEqual({ newest: stale(NEWEST), new: stale(NEW), old: replaced })
})

test('a write all of whose categories are stale changes nothing', async () => {
  await seed('all-stale')
  const before = await service.dump()

  const reply = await writeWith(service, 'all-stale', written('same', 'new', 'newest'), { event_time: OLD })

  expectProblem(reply, 409, 'STALE_WRITE')
  expect(reply.json).toMatchObject({ stored_event_time: NEWEST, results: { same: stale(NOW) } })
  expect(await service.dump()).toBe(before)
})

test('what a stale write is told makes the next one succeed: the latest stored event time is enough for all', async () => {
  await seed('next')
  const refused = await writeWith(service, 'next', written('old', 'new', 'newest'), { event_time: NOW })
  const { stored_event_time } = refused.json as { stored_event_time: string }

  const reply = await writeWith(service, 'next', written('old', 'new', 'newest'), { event_time: stored_event_time })

  expect(reply.status).toBe(200)
  expect(await valuesOf('next', 'old', 'new', 'newest')).toEqual({ old: 'after', new: 'after', newest: 'after' })
})

test('of several entities each category is refused or written by itself', async () => {
  await seed('entity-1')
  await seed('entity-2')

  const reply = await writeEntitiesWith(
    service,
    { 'entity-1': written('old', 'new'), 'entity-2': written('newest', 'none'), 'entity-3': written('cat') },
    { event_time: NOW },
  )

  const problem = expectProblem(reply, 409, 'STALE_WRITE')
  expect(problem).toMatchObject({ stored_event_time: NEWEST })
  expect(problem.results).toStrictEqual({
    'entity-1': { old: replaced, new: stale(NEW) },
    'entity-2': { newest: stale(NEWEST), none: replaced },
    'entity-3': { cat: replaced },
  })
  expect(await valuesOf('entity-1', 'old', 'new')).toEqual({ old: 'after', new: 'before' })
  expect(await valuesOf('entity-2', 'newest', 'none')).toEqual({ newest: 'before', none: 'after' })
  expect(await valuesOf('entity-3', 'cat')).toEqual({ cat: 'after' })
})
