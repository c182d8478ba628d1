import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FUTURE_MS } from '../support/future-time.ts'
import { READ_KINDS } from '../support/read-kinds.ts'
import { startTestService, type TestService } from '../support/test-service.ts'
import { queryOf, WRITE_KINDS, type WriterMetadata } from '../support/timed-writes.ts'

const RUNS = 40

let service: TestService
let nowMs = FUTURE_MS

beforeAll(async () => {
  service = await startTestService({ now: () => new Date(nowMs) })
})

afterAll(async () => {
  await service.close()
})

/** Between two steps some time goes by, often up to about an expiry. */
const waitMs = fc.oneof(fc.integer({ min: 1, max: 2500 }), fc.constantFrom(1, 999, 1000, 1001))

const step = fc.record({
  waitMs,
  write: fc.option(
    fc.record({
      by: fc.constantFrom(...WRITE_KINDS),
      ttl: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      eventTime: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
    }),
    { freq: 4, nil: undefined },
  ),
  read: fc.constantFrom(...READ_KINDS),
})

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

/** What must be stored: the model of one category. */
type Expected = {
  features: { data: object; metadata: Record<string, unknown> }
  expiresAtMs: number
  eventTime: number | undefined
}

function isAlive(item: Expected | undefined): item is Expected {
  return item !== undefined && nowMs < item.expiresAtMs
}

/** What a write makes of the model, and the status of its answer. */
function expectWrite(before: Expected | undefined, { ttl, eventTime }: NonNullable<Step['write']>, turn: number) {
  const alive = isAlive(before) ? before : undefined
  if (alive?.eventTime !== undefined && eventTime !== undefined && eventTime < alive.eventTime) {
    return { status: 409, after: before }
  }
  const now = new Date(nowMs).toISOString()
  const expiresAtMs = ttl === undefined ? Number.POSITIVE_INFINITY : (Math.floor(nowMs / 1000) + ttl) * 1000
  const kept = eventTime ?? alive?.eventTime
  const metadata = {
    created_at: alive?.features.metadata.created_at ?? now,
    updated_at: now,
    source: 'api',
    compute_id: 'None',
    ttl: ttl ?? 'None',
    ...(ttl === undefined ? {} : { expires_at: new Date(expiresAtMs).toISOString() }),
    ...(kept === undefined ? {} : { event_time: new Date(kept).toISOString() }),
  }
  return { status: 200, after: { features: { data: { turn }, metadata }, expiresAtMs, eventTime: kept } }
}

function metadataOf({ ttl, eventTime }: NonNullable<Step['write']>): WriterMetadata {
  return { ...(ttl === undefined ? {} : { ttl }), ...(eventTime === undefined ? {} : { event_time: eventTime }) }
}

test('whatever is written when, with whatever ttl and event time, every read sees exactly what must be there', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const identifier = randomUUID()
      let expected: Expected | undefined
      for (const [turn, { waitMs: ms, write, read }] of steps.entries()) {
        nowMs += ms
        if (write) {
          const { status, after } = expectWrite(expected, write, turn)
          const reply = await write.by.send(service, identifier, { cat: { turn } }, queryOf(metadataOf(write)))
          expect(reply.status).toBe(status)
          expected = after
        }
        const seen = await read.look(service, identifier, 'cat', 'bright_uid')
        expect(seen?.features).toStrictEqual(isAlive(expected) ? expected.features : undefined)
      }
    }),
    { numRuns: RUNS },
  )
})
