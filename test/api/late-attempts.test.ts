import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  giveUpHeld,
  HASTY,
  holdAllAttempts,
  holdFirstAttempts,
  LEAVINGS,
  releaseInTurn,
  startForTest,
  writeOf,
} from '../support/late-attempts.ts'
import { passEverything } from '../support/scripted-dynamodb.ts'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'

const CLOCKS: [string, () => Date][] = [
  ['a running clock', () => new Date()],
  ['a clock that stands still', () => new Date('2025-10-07T07:46:26.943Z')],
]

const STORED_BEFORE: [string, boolean][] = [
  ['a category', true],
  ['a category that was not stored before', false],
]

const CASES = STORED_BEFORE.flatMap(([what, isStored]) =>
  CLOCKS.flatMap(([clock, now]) => LEAVINGS.map((leaving) => ({ what, isStored, clock, now, ...leaving }))),
)

let fleet: ServiceFleet
let identifier: string

beforeAll(async () => {
  fleet = await startFleet()
})

beforeEach(() => {
  identifier = randomUUID()
  fleet.dynamodb.use(passEverything)
})

afterAll(async () => {
  await fleet.close()
})

/** The category as a client sees it, and its item. */
async function state() {
  const { observer } = fleet
  return { json: (await observer.read(identifier, 'cat')).json, item: await observer.stored(identifier, 'cat') }
}

test.for(CASES)(
  'an attempt at $what that $how changes nothing after the next write ($clock)',
  async ({ isStored, now, options, leave }) => {
    const service = await startForTest(fleet, { now, ...options })
    if (isStored) await service.write(identifier, { cat: { value: 'before' } })
    fleet.dynamodb.use(holdFirstAttempts)
    await leave(fleet, service, identifier, writeOf({ value: 'late' }))
    const late = await giveUpHeld(fleet)
    const next = await service.write(identifier, { cat: { value: 'next' } })
    const acknowledged = await state()

    const statuses = await releaseInTurn(late)

    expect(next.status).toBe(200)
    expect(acknowledged.json).toHaveProperty('features.data', { value: 'next' })
    expect(await state()).toStrictEqual(acknowledged)
    expect(new Set(statuses)).toEqual(new Set([400]))
  },
)

test('of many attempts that come late, in any order, none changes what was acknowledged last', async () => {
  const service = await startForTest(fleet, { attemptTimeoutMs: 150, ...HASTY })
  fleet.dynamodb.use(holdAllAttempts)
  for (const value of [1, 2, 3]) expect((await service.write(identifier, { cat: { value } })).status).toBeGreaterThan(500)
  const late = await giveUpHeld(fleet)
  const next = await service.write(identifier, { cat: { value: 'next' } })
  const acknowledged = await state()

  const statuses = await releaseInTurn(late.toReversed())

  expect(next.status).toBe(200)
  expect(statuses.length).toBeGreaterThanOrEqual(3)
  expect(acknowledged.json).toHaveProperty('features.data', { value: 'next' })
  expect(await state()).toStrictEqual(acknowledged)
})

test('an attempt that arrives while nothing was written since is applied, and the next write still wins', async () => {
  const service = await startForTest(fleet, HASTY)
  fleet.dynamodb.use(holdFirstAttempts)
  await service.write(identifier, { cat: { value: 'late' } })
  const [late] = await giveUpHeld(fleet)

  await late?.release()
  const applied = await state()
  const next = await service.write(identifier, { cat: { value: 'next' } })

  expect(applied.json).toHaveProperty('features.data', { value: 'late' })
  expect(next.status).toBe(200)
  expect((await state()).json).toHaveProperty('features.data', { value: 'next' })
})

test('the categories of one write that were acknowledged stay, though an attempt of another one comes late', async () => {
  const service = await startForTest(fleet, HASTY)
  fleet.dynamodb.use(({ body }) => (body.Key?.category?.S === 'other' ? 'hold' : 'pass'))
  await service.write(identifier, { cat: { value: 'late' }, other: { value: 'late' } })
  const [late] = await giveUpHeld(fleet)
  await service.write(identifier, { cat: { value: 'next' }, other: { value: 'next' } })

  const said = await late?.release()

  expect(said?.status).toBe(400)
  const { json } = await fleet.observer.filter(identifier, { cat: [], other: [] })
  expect(json).toMatchObject({
    items: { cat: { features: { data: { value: 'next' } } }, other: { features: { data: { value: 'next' } } } },
  })
})
