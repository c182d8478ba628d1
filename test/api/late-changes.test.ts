import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  type Change,
  DELETE_ENTITY,
  DELETE_ITEM,
  giveUpHeld,
  holdAllAttempts,
  holdFirstAttempts,
  LEAVINGS,
  leaveBehind,
  make,
  mergeOf,
  releaseInTurn,
  startForTest,
  writeOf,
} from '../support/late-attempts.ts'
import { passEverything } from '../support/scripted-dynamodb.ts'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'
import { createSteppingClock } from '../support/stepping-clock.ts'
import type { TestService } from '../support/test-service.ts'

/** Changes that come late, and changes that are acknowledged before they do. */
const LATE: [string, Change][] = [
  ['write', writeOf({ late: 'write' })],
  ['merge', mergeOf({ late: 'merge', before: null })],
  ['delete', DELETE_ITEM],
  ['delete of the entity', DELETE_ENTITY],
]
const NEXT: [string, Change, object | undefined][] = [
  ['write', writeOf({ next: 'write' }), { next: 'write' }],
  ['merge', mergeOf({ next: 'merge' }), { before: 1, next: 'merge' }],
  ['delete', DELETE_ITEM, undefined],
  ['delete of the entity', DELETE_ENTITY, undefined],
]
const PAIRS = LATE.flatMap(([late, change]) => NEXT.map(([next, after, data]) => ({ late, change, next, after, data })))

/** Those in which what comes late would undo what was acknowledged, in every way of coming late. */
const LEFT = [
  { late: 'write', change: writeOf({ late: 'write' }), next: 'delete', after: DELETE_ITEM },
  { late: 'delete', change: DELETE_ITEM, next: 'write', after: writeOf({ next: 'write' }) },
].flatMap((pair) => LEAVINGS.map((leaving) => ({ ...pair, ...leaving })))

const clock = createSteppingClock()

let fleet: ServiceFleet
let patient: TestService
/** Whose clients hang up. */
let left: TestService
let identifier: string

beforeAll(async () => {
  fleet = await startFleet()
  patient = await fleet.start({ now: clock.now })
  left = await fleet.start({ now: clock.now })
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
  const { status, json } = await fleet.observer.read(identifier, 'cat')
  const data = status === 200 ? (json as { features: { data: object } }).features.data : undefined
  return { status, data, item: await fleet.observer.stored(identifier, 'cat') }
}

test.for(PAIRS)('a $late that comes late changes nothing after a $next was acknowledged', async ({ change, after, data }) => {
  await patient.write(identifier, { cat: { before: 1 } })
  fleet.dynamodb.use(holdAllAttempts)
  await leaveBehind(fleet, left, identifier, change)
  const late = await giveUpHeld(fleet)
  const next = await make(patient, identifier, after)
  const acknowledged = await state()

  const statuses = await releaseInTurn(late)

  expect(next.status).toBe(200)
  expect(acknowledged.data).toEqual(data)
  expect(await state()).toStrictEqual(acknowledged)
  expect(new Set(statuses)).toEqual(new Set([400]))
})

test.for(LEFT)(
  'an attempt at a $late that $how changes nothing after the next $next',
  async ({ change, after, options, leave }) => {
    const service = await startForTest(fleet, { now: clock.now, ...options })
    await patient.write(identifier, { cat: { before: 1 } })
    fleet.dynamodb.use(holdFirstAttempts)
    await leave(fleet, service, identifier, change)
    const late = await giveUpHeld(fleet)
    const next = await make(service, identifier, after)
    const acknowledged = await state()

    const statuses = await releaseInTurn(late)

    expect(next.status).toBe(200)
    expect(await state()).toStrictEqual(acknowledged)
    expect(new Set(statuses)).toEqual(new Set([400]))
  },
)

test('a first write that comes late does not bring back what a delete found missing', async () => {
  fleet.dynamodb.use(holdAllAttempts)
  await leaveBehind(fleet, left, identifier, writeOf({ late: 'write' }))
  const late = await giveUpHeld(fleet)
  const reply = await make(patient, identifier, DELETE_ITEM)

  await releaseInTurn(late)

  expect(reply).toMatchObject({ status: 200, json: { deleted: 0 } })
  expect(await state()).toMatchObject({ status: 404 })
})

test('a delete that arrives while nothing was acknowledged since is applied, and the next write starts a new life', async () => {
  await patient.write(identifier, { cat: { before: 1 } })
  const before = await state()
  fleet.dynamodb.use(holdAllAttempts)
  await leaveBehind(fleet, left, identifier, DELETE_ITEM)
  const [late] = await giveUpHeld(fleet)

  await late?.release()
  const applied = await state()
  const next = await make(patient, identifier, writeOf({ next: 'write' }))

  expect(applied.status).toBe(404)
  expect(next.status).toBe(200)
  const written = await state()
  expect(written.data).toEqual({ next: 'write' })
  expect(written.item?.created_at?.S).not.toBe(before.item?.created_at?.S)
})

test('of many deletes that come late, in any order, none removes what was acknowledged last', async () => {
  await patient.write(identifier, { cat: { before: 1 } })
  fleet.dynamodb.use(holdAllAttempts)
  for (const change of [DELETE_ITEM, DELETE_ENTITY, DELETE_ITEM]) await leaveBehind(fleet, left, identifier, change)
  const late = await giveUpHeld(fleet)
  await make(patient, identifier, writeOf({ next: 'write' }))
  const acknowledged = await state()

  await releaseInTurn(late.toReversed())

  expect(late).toHaveLength(3)
  expect(acknowledged.data).toEqual({ next: 'write' })
  expect(await state()).toStrictEqual(acknowledged)
})
