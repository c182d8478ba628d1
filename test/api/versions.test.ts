import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { throttling } from '../support/dynamodb-replies.ts'
import { HASTY } from '../support/late-attempts.ts'
import { passEverything } from '../support/scripted-dynamodb.ts'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'
import type { TestService } from '../support/test-service.ts'

const START = Date.parse('2025-10-07T07:46:26.943Z')
const CREATED = '2024-01-02T03:04:05.678Z'

let fleet: ServiceFleet
let service: TestService
let nowMs = START

beforeAll(async () => {
  fleet = await startFleet()
  service = await fleet.start({ now: tick })
})

beforeEach(() => {
  fleet.dynamodb.use(passEverything)
})

afterAll(async () => {
  await fleet.close()
})

/** A clock that goes on with each look at it, as time does between writes. */
function tick(): Date {
  nowMs += 10
  return new Date(nowMs)
}

async function updatedAt(identifier: string) {
  const item = await fleet.observer.stored(identifier, 'cat')
  return { version: item?.version?.N, updated_at: item?.features?.M?.metadata?.M?.updated_at?.S }
}

test('each write of one category is one UpdateItem and nothing else', async () => {
  for (const value of [1, 2, 3]) await service.write('one-call', { cat: { value } })

  expect(fleet.dynamodb.operations()).toEqual(['UpdateItem', 'UpdateItem', 'UpdateItem'])
})

test('a write of many categories is one UpdateItem each and nothing else', async () => {
  const categories = Array.from({ length: 50 }, (_, index) => [`cat${index}`, { index }])

  for (const _ of ['first', 'again']) await service.write('calls', Object.fromEntries(categories))

  expect(fleet.dynamodb.operations()).toEqual(Array.from({ length: 100 }, () => 'UpdateItem'))
})

test('updated_at is the version as RFC 3339', async () => {
  await service.write('versioned', { cat: { value: 1 } })

  const { version, updated_at } = await updatedAt('versioned')

  expect(Number(version)).toBeGreaterThan(START)
  expect(updated_at).toBe(new Date(Number(version)).toISOString())
})

test('attempts at one write are the same to the letter, the version included', async () => {
  fleet.dynamodb.use((call) => (call.number <= 2 ? throttling : 'pass'))

  const { status } = await service.write('attempts', { cat: { value: 1 } })

  expect(status).toBe(200)
  expect(fleet.dynamodb.calls().map(({ attempt }) => attempt)).toEqual([1, 2, 3])
})

test('the version is none of the features that a client sees', async () => {
  await service.write('hidden', { cat: { value: 1 } })

  const reply = await service.read('hidden', 'cat')

  expect(reply.text).not.toContain('version')
})

test('a feature named version is a feature like any other', async () => {
  await service.write('feature', { version: { version: 'first' } })

  await service.write('feature', { version: { version: 'second' } })

  const { json } = await service.read('feature', 'version')
  expect(json).toHaveProperty('features.data', { version: 'second' })
})

test('an item of another writer, without a version, is overwritten by one UpdateItem and keeps its created_at', async () => {
  const metadata = { created_at: { S: CREATED }, updated_at: { S: '2999-01-01T00:00:00.000Z' } }
  const features = { M: { data: { M: { value: { N: '1' } } }, metadata: { M: metadata } } }
  await fleet.observer.put({ bright_uid: { S: 'older' }, category: { S: 'cat' }, features })
  fleet.dynamodb.use(passEverything)

  const { status } = await service.write('older', { cat: { value: 2 } })

  expect(status).toBe(200)
  expect(fleet.dynamodb.operations()).toEqual(['UpdateItem'])
  const { json } = await service.read('older', 'cat')
  expect(json).toHaveProperty('features.data', { value: 2 })
  expect(json).toHaveProperty('features.metadata.created_at', CREATED)
})

test('an attempt that comes late does not win over the first write on an older item', async () => {
  await fleet.observer.put({ bright_uid: { S: 'older-late' }, category: { S: 'cat' } })
  const hasty = await fleet.start({ now: tick, ...HASTY })
  fleet.dynamodb.use(() => 'hold')
  await hasty.write('older-late', { cat: { value: 'late' } })
  const [late] = fleet.dynamodb.held()
  fleet.dynamodb.use(passEverything)
  await service.write('older-late', { cat: { value: 'next' } })

  const said = await late?.release()

  const { json } = await service.read('older-late', 'cat')
  expect(json).toHaveProperty('features.data', { value: 'next' })
  expect(said?.status).toBe(400)
})
