import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { HASTY } from '../support/late-attempts.ts'
import { passEverything, type Script } from '../support/scripted-dynamodb.ts'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'
import type { TestService } from '../support/test-service.ts'

const MINUTES = 60_000

let fleet: ServiceFleet
let fast: TestService
let slow: TestService
let identifier: string
// How far a third service's clock is from this machine's.
let shiftMs = 0
let shifting: TestService

function clockOff(ms: number): () => Date {
  return () => new Date(Date.now() + ms)
}

beforeAll(async () => {
  fleet = await startFleet()
  fast = await fleet.start({ now: clockOff(4 * MINUTES) })
  slow = await fleet.start({ now: clockOff(-3 * MINUTES), ...HASTY })
  shifting = await fleet.start({ now: () => clockOff(shiftMs)() })
})

beforeEach(() => {
  identifier = randomUUID()
  shiftMs = 0
  fleet.dynamodb.use(passEverything)
})

afterAll(async () => {
  await fleet.close()
})

/** What is stored: the value, and what must only grow. */
async function state() {
  const item = await fleet.observer.stored(identifier, 'cat')
  const { data, metadata } = item?.features?.M ?? {}
  return {
    value: data?.M?.value?.S,
    version: Number(item?.version?.N),
    updatedAt: metadata?.M?.updated_at?.S ?? '',
    createdAt: item?.created_at?.S,
  }
}

const holdUpdates: Script = ({ operation }) => (operation === 'UpdateItem' ? 'hold' : 'pass')

test('services whose clocks are minutes apart write in turn, and each write is what is then read', async () => {
  const states: Awaited<ReturnType<typeof state>>[] = []

  for (const [index, service] of [fast, slow, slow, fast, slow, fast].entries()) {
    const { status } = await service.write(identifier, { cat: { value: `${index}` } })
    expect(status).toBe(200)
    states.push(await state())
  }

  expect(states.map(({ value }) => value)).toEqual(['0', '1', '2', '3', '4', '5'])
  expect(states.every(({ version }, index) => index === 0 || version > (states[index - 1]?.version ?? Infinity))).toBe(true)
  expect(states.every(({ updatedAt }, index) => index === 0 || updatedAt > (states[index - 1]?.updatedAt ?? '~'))).toBe(true)
  expect(new Set(states.map(({ createdAt }) => createdAt)).size).toBe(1)
})

test('what the slow one wrote is read through the fast one too', async () => {
  await fast.write(identifier, { cat: { value: 'fast' } })

  await slow.write(identifier, { cat: { value: 'slow' } })

  for (const service of [fast, slow]) {
    const { json } = await service.read(identifier, 'cat')
    expect(json).toHaveProperty('features.data', { value: 'slow' })
  }
})

test.for([
  ['its first one', 'nothing'],
  ['one after it had lost', 'a fast write'],
])('a late attempt of the slow one, %s, does not win over the fast one', async ([_, before]) => {
  if (before === 'a fast write') {
    await fast.write(identifier, { cat: { value: 'before' } })
    // Its first attempt loses, and the next one is held.
    fleet.dynamodb.use((call) => (call.operation === 'UpdateItem' && call.number > 1 ? 'hold' : 'pass'))
  } else fleet.dynamodb.use(holdUpdates)
  const reply = await slow.write(identifier, { cat: { value: 'late' } })
  const [late] = fleet.dynamodb.held()
  fleet.dynamodb.use(passEverything)
  await fast.write(identifier, { cat: { value: 'fast' } })
  const acknowledged = await state()

  const said = await late?.release()

  expect(reply.status).toBe(504)
  expect(acknowledged.value).toBe('fast')
  expect(await state()).toEqual(acknowledged)
  expect(said?.status).toBe(400)
})

test('a late attempt of the slow one does not win over its own next write, which was above the fast one', async () => {
  await fast.write(identifier, { cat: { value: 'before' } })
  fleet.dynamodb.use((call) => (call.operation === 'UpdateItem' && call.number > 1 ? 'hold' : 'pass'))
  await slow.write(identifier, { cat: { value: 'late' } })
  const [late] = fleet.dynamodb.held()
  fleet.dynamodb.use(passEverything)
  await slow.write(identifier, { cat: { value: 'next' } })
  const acknowledged = await state()

  const said = await late?.release()

  expect(acknowledged.value).toBe('next')
  expect(await state()).toEqual(acknowledged)
  expect(said?.status).toBe(400)
})

test('a service whose clock is set back can still write, and updated_at does not go back', async () => {
  shiftMs = 10 * MINUTES
  await shifting.write(identifier, { cat: { value: 'ahead' } })
  const before = await state()
  shiftMs = -10 * MINUTES

  const { status } = await shifting.write(identifier, { cat: { value: 'back' } })

  expect(status).toBe(200)
  const after = await state()
  expect(after.value).toBe('back')
  expect(after.version).toBeGreaterThan(before.version)
  expect(after.updatedAt > before.updatedAt).toBe(true)
})

test('a late attempt from before a service was started anew, on a clock set back, loses to what was acknowledged since', async () => {
  await shifting.write(identifier, { cat: { value: 'before' } })
  fleet.dynamodb.use(holdUpdates)
  await slow.write(identifier, { cat: { value: 'late' } })
  const [late] = fleet.dynamodb.held()
  fleet.dynamodb.use(passEverything)
  const anew = await fleet.start({ now: clockOff(-20 * MINUTES) })
  const { status } = await anew.write(identifier, { cat: { value: 'anew' } })
  const acknowledged = await state()

  const said = await late?.release()

  expect(status).toBe(200)
  expect(acknowledged.value).toBe('anew')
  expect(await state()).toEqual(acknowledged)
  expect(said?.status).toBe(400)
})
