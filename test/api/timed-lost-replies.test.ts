import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { refusal } from '../support/dynamodb-replies.ts'
import { FUTURE_MS } from '../support/future-time.ts'
import { passEverything, type ScriptedReply } from '../support/scripted-dynamodb.ts'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'
import type { TestService } from '../support/test-service.ts'
import { writeWith } from '../support/timed-writes.ts'

type Seen = { features: { data: object; metadata: Record<string, unknown> } }

const LOST: [string, ScriptedReply][] = [
  ['broke off', 'apply, then reset'],
  ['never came', 'apply, then hang'],
  ['was an internal error', { applyThen: refusal('InternalServerError', 'Internal server error', 500) }],
]

const EVENT = '2025-10-07T07:00:00.000Z'

let fleet: ServiceFleet
let service: TestService
let nowMs = FUTURE_MS
let identifier: string

beforeAll(async () => {
  fleet = await startFleet()
  service = await fleet.start({ now: () => new Date(nowMs), attemptTimeoutMs: 300 })
})

beforeEach(() => {
  identifier = randomUUID()
  nowMs += 10_000
  fleet.dynamodb.use(passEverything)
})

afterAll(async () => {
  await fleet.close()
})

async function read(): Promise<Seen['features']> {
  return ((await service.read(identifier, 'cat')).json as Seen).features
}

/** Applies the n-th update and loses its reply; of those after it each passes, or is answered as said. */
function loseReply(lost: ScriptedReply, n = 1, after: ScriptedReply = 'pass'): void {
  let updates = 0
  fleet.dynamodb.use(({ operation, attempt }) => {
    if (operation !== 'UpdateItem') return 'pass'
    if (attempt === 1) updates += 1
    if (updates < n) return 'pass'
    return updates === n && attempt === 1 ? lost : after
  })
}

test.for(LOST)('a write with event time that was applied and whose reply %s is 200: its own is equal', async ([_, lost]) => {
  await writeWith(service, identifier, { cat: { value: 'before' } }, { event_time: 1 })
  nowMs += 10
  const { metadata: before } = await read()
  loseReply(lost)

  const reply = await writeWith(service, identifier, { cat: { value: 'kept' } }, { event_time: EVENT, ttl: 60, source: 'job' })

  expect(reply).toMatchObject({ status: 200, json: { results: { cat: { status: 'replaced' } } } })
  const { data, metadata } = await read()
  expect(data).toEqual({ value: 'kept' })
  expect(metadata).toMatchObject({ created_at: before.created_at, event_time: EVENT, ttl: 60, source: 'job' })
})

test.for(LOST)('a new life whose reply %s is 200 and keeps the created_at that may have been seen', async ([_, lost]) => {
  await writeWith(service, identifier, { cat: { value: 'expired' } }, { ttl: 1, event_time: EVENT })
  const { metadata: expired } = await read()
  nowMs += 5000
  loseReply(lost, 2, 'hold')
  const answered = writeWith(service, identifier, { cat: { value: 'kept' } }, { event_time: 3 })
  const [retry] = await fleet.dynamodb.holding()
  const seen = await read()
  nowMs += 10
  fleet.dynamodb.use(passEverything)

  await retry?.release()

  expect((await answered).status).toBe(200)
  const { data, metadata } = await read()
  expect(data).toEqual({ value: 'kept' })
  expect(metadata.created_at).toBe(seen.metadata.created_at)
  expect(metadata.created_at).not.toBe(expired.created_at)
})

test.for(LOST)('a stale write whose refusal %s is 409 when it is tried again', async ([_, lost]) => {
  await writeWith(service, identifier, { cat: { value: 'before' } }, { event_time: EVENT })
  nowMs += 10
  loseReply(lost)

  const reply = await writeWith(service, identifier, { cat: { value: 'older' } }, { event_time: 1 })

  expect(reply).toMatchObject({ status: 409, json: { code: 'STALE_WRITE', stored_event_time: EVENT } })
  expect((await read()).data).toEqual({ value: 'before' })
})

test('a write that was applied, and overtaken by a newer one before it is tried again, is not told to have failed', async () => {
  loseReply('apply, then reset', 1, 'hold')
  const answered = writeWith(service, identifier, { cat: { value: 'applied' } }, { event_time: 5 })
  const [retry] = await fleet.dynamodb.holding()
  const applied = await read()
  fleet.dynamodb.use(passEverything)
  nowMs += 10
  await writeWith(service, identifier, { cat: { value: 'newer' } }, { event_time: 6 })

  await retry?.release()

  const { json } = await answered
  expect(applied.data).toEqual({ value: 'applied' })
  expect(json).not.toMatchObject({ results: { cat: { status: 'failed' } } })
  expect((await read()).data).toEqual({ value: 'newer' })
})
