import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import type { HeldAttempt } from '../support/held-attempts.ts'
import { openConnection, requestText } from '../support/raw-client.ts'
import { passEverything, type Script } from '../support/scripted-dynamodb.ts'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'
import type { TestService, TestServiceOptions } from '../support/test-service.ts'

type Write = (service: TestService, identifier: string) => Promise<void>

const CLOCKS: [string, () => Date][] = [
  ['a running clock', () => new Date()],
  ['a clock that stands still', () => new Date('2025-10-07T07:46:26.943Z')],
]

/** Ways in which an attempt comes to be given up on while it is held back. */
const ENDS: [string, TestServiceOptions, Write][] = [
  ['timed out and was retried', { attemptTimeoutMs: 150, app: { requestTimeoutMs: 5000 } }, writeUntil(200)],
  ['the deadline ended', { app: { requestTimeoutMs: 200 } }, writeUntil(504)],
  ['a client left that hung up', { attemptTimeoutMs: 1000, app: { requestTimeoutMs: 1000 } }, writeAndHangUp],
]

const STORED_BEFORE: [string, boolean][] = [
  ['a category', true],
  ['a category that was not stored before', false],
]

const CASES = STORED_BEFORE.flatMap(([what, isStored]) =>
  CLOCKS.flatMap(([clock, now]) => ENDS.map(([end, options, write]) => ({ what, isStored, clock, now, end, options, write }))),
)

const holdFirstAttempts: Script = ({ operation, attempt }) => (operation === 'UpdateItem' && attempt === 1 ? 'hold' : 'pass')
const holdAllAttempts: Script = ({ operation }) => (operation === 'UpdateItem' ? 'hold' : 'pass')

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

function writeUntil(status: number): Write {
  return async (service, identifier) => {
    expect(await service.write(identifier, { cat: { value: 'late' } })).toMatchObject({ status })
  }
}

async function writeAndHangUp(service: TestService, identifier: string): Promise<void> {
  const address = await service.app.listen({ host: '127.0.0.1', port: 0 })
  const client = await openConnection(Number(new URL(address).port))
  client.send(requestText('POST', `/api/v1/items/${identifier}`, {}, JSON.stringify({ cat: { value: 'late' } })))
  await fleet.dynamodb.holding()
  client.hangUp()
}

async function startService(options: TestServiceOptions): Promise<TestService> {
  const service = await fleet.start(options)
  onTestFinished(() => fleet.stop(service))
  return service
}

/** Waits until nobody waits for what is held back, and then has it pass from now on. */
async function giveUpHeld() {
  const held = fleet.dynamodb.held()
  await Promise.all(held.map((attempt) => attempt.givenUp))
  fleet.dynamodb.use(passEverything)
  return held
}

/** Lets them arrive one after the other; the status of what the store said to each. */
async function releaseInTurn(late: readonly HeldAttempt[]): Promise<number[]> {
  const statuses: number[] = []
  for (const attempt of late) statuses.push((await attempt.release()).status)
  return statuses
}

/** The category as a client sees it, and its item. */
async function state() {
  const { observer } = fleet
  return { json: (await observer.read(identifier, 'cat')).json, item: await observer.stored(identifier, 'cat') }
}

test.for(CASES)(
  'an attempt at $what that $end changes nothing after the next write ($clock)',
  async ({ isStored, now, options, write }) => {
    const service = await startService({ now, ...options })
    if (isStored) await service.write(identifier, { cat: { value: 'before' } })
    fleet.dynamodb.use(holdFirstAttempts)
    await write(service, identifier)
    const late = await giveUpHeld()
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
  const service = await startService({ attemptTimeoutMs: 50, app: { requestTimeoutMs: 150 } })
  fleet.dynamodb.use(holdAllAttempts)
  for (const value of [1, 2, 3]) expect((await service.write(identifier, { cat: { value } })).status).toBeGreaterThan(500)
  const late = await giveUpHeld()
  const next = await service.write(identifier, { cat: { value: 'next' } })
  const acknowledged = await state()

  const statuses = await releaseInTurn(late.toReversed())

  expect(next.status).toBe(200)
  expect(statuses.length).toBeGreaterThanOrEqual(3)
  expect(acknowledged.json).toHaveProperty('features.data', { value: 'next' })
  expect(await state()).toStrictEqual(acknowledged)
})

test('an attempt that arrives while nothing was written since is applied, and the next write still wins', async () => {
  const service = await startService({ app: { requestTimeoutMs: 200 } })
  fleet.dynamodb.use(holdFirstAttempts)
  await service.write(identifier, { cat: { value: 'late' } })
  const [late] = await giveUpHeld()

  await late?.release()
  const applied = await state()
  const next = await service.write(identifier, { cat: { value: 'next' } })

  expect(applied.json).toHaveProperty('features.data', { value: 'late' })
  expect(next.status).toBe(200)
  expect((await state()).json).toHaveProperty('features.data', { value: 'next' })
})

test('the categories of one write that were acknowledged stay, though an attempt of another one comes late', async () => {
  const service = await startService({ app: { requestTimeoutMs: 200 } })
  fleet.dynamodb.use(({ body }) => (body.Key?.category?.S === 'other' ? 'hold' : 'pass'))
  await service.write(identifier, { cat: { value: 'late' }, other: { value: 'late' } })
  const [late] = await giveUpHeld()
  await service.write(identifier, { cat: { value: 'next' }, other: { value: 'next' } })

  const said = await late?.release()

  expect(said?.status).toBe(400)
  const { json } = await fleet.observer.filter(identifier, { cat: [], other: [] })
  expect(json).toMatchObject({
    items: { cat: { features: { data: { value: 'next' } } }, other: { features: { data: { value: 'next' } } } },
  })
})
