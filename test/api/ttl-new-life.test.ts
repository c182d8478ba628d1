import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { FUTURE_MS } from '../support/future-time.ts'
import { startTestService, type TestService } from '../support/test-service.ts'
import { WRITE_KINDS, writeWith } from '../support/timed-writes.ts'

const OLD_EVENT = '2025-10-07T00:00:00.000Z'
const OLDER_EVENT = '2025-01-01T00:00:00.000Z'

let service: TestService
// Only ever moved on: within a service, versions never go back.
let nowMs = FUTURE_MS
let lives = 0
/** An entity whose category `cat` was written with an event time and a ttl of 1 second, at `bornMs`. */
let identifier: string
let bornMs: number
/** The first millisecond in which it is expired. */
let expiry: number

beforeAll(async () => {
  service = await startTestService({ now: () => new Date(nowMs) })
})

beforeEach(async () => {
  lives += 1
  identifier = `life-${lives}`
  bornMs = nowMs
  expiry = (Math.floor(bornMs / 1000) + 1) * 1000
  await writeWith(service, identifier, { cat: { old: 1 } }, { ttl: 1, event_time: OLD_EVENT, source: 'first' })
})

afterAll(async () => {
  await service.close()
})

function iso(ms: number): string {
  return new Date(ms).toISOString()
}

async function shown(category = 'cat') {
  const { json } = await service.read(identifier, category)
  return (json as { features: { data: object; metadata: Record<string, unknown> } }).features
}

test('a write a millisecond before the expiry keeps created_at and event time', async () => {
  nowMs = expiry - 1

  await writeWith(service, identifier, { cat: { new: 1 } }, { ttl: 60 })

  expect((await shown()).metadata).toMatchObject({ created_at: iso(bornMs), updated_at: iso(expiry - 1), event_time: OLD_EVENT })
})

test.for(WRITE_KINDS)(
  'a write from the second of expiry on starts a new life, nothing of the old one kept: $kind',
  async (write) => {
    nowMs = expiry

    const reply = await write.send(service, identifier, { cat: { new: 1 } }, '')

    expect(reply.status).toBe(200)
    expect(await service.stored(identifier, 'cat')).toStrictEqual({
      bright_uid: { S: identifier },
      category: { S: 'cat' },
      created_at: { S: iso(expiry) },
      version: { N: String(expiry) },
      features: {
        M: {
          data: { M: { new: { N: '1' } } },
          metadata: {
            M: { updated_at: { S: iso(expiry) }, source: { S: 'api' }, compute_id: { S: 'None' }, ttl: { S: 'None' } },
          },
        },
      },
    })
  },
)

test('a new life without ttl has no end', async () => {
  nowMs = expiry
  await service.write(identifier, { cat: { new: 1 } })

  nowMs += 10 * 365 * 86_400_000

  const { data, metadata } = await shown()
  expect(data).toEqual({ new: 1 })
  expect(metadata).toStrictEqual({
    created_at: iso(expiry),
    updated_at: iso(expiry),
    source: 'api',
    compute_id: 'None',
    ttl: 'None',
  })
})

test('in a new life an event time older than the old one is accepted, and counts from then on', async () => {
  nowMs = expiry + 5

  const older = await writeWith(service, identifier, { cat: { new: 1 } }, { event_time: OLDER_EVENT, ttl: 60 })
  const stillOlder = await writeWith(service, identifier, { cat: { new: 2 } }, { event_time: 1 })

  expect([older.status, stillOlder.status]).toEqual([200, 409])
  const { data, metadata } = await shown()
  expect(data).toEqual({ new: 1 })
  expect(metadata).toMatchObject({ created_at: iso(expiry + 5), event_time: OLDER_EVENT, ttl: 60 })
})

test('a new life that began without event time takes any', async () => {
  nowMs = expiry
  await service.write(identifier, { cat: { new: 1 } })

  const reply = await writeWith(service, identifier, { cat: { new: 2 } }, { event_time: 0 })

  expect(reply.status).toBe(200)
  expect((await shown()).metadata).toMatchObject({ created_at: iso(expiry), event_time: iso(0) })
})

test('a new life keeps its created_at in its later writes, as the first one did', async () => {
  nowMs = expiry
  await writeWith(service, identifier, { cat: { new: 1 } }, { ttl: 60 })
  nowMs += 1000

  await service.write(identifier, { cat: { new: 2 } })

  expect((await shown()).metadata).toMatchObject({ created_at: iso(expiry), updated_at: iso(expiry + 1000) })
})

test('a life may begin again and again, each with its own created_at', async () => {
  const created: unknown[] = []
  for (let life = 0; life < 5; life += 1) {
    nowMs = (Math.floor(nowMs / 1000) + 1) * 1000
    await writeWith(service, identifier, { cat: { life } }, { ttl: 1, event_time: 5 - life })
    created.push((await shown()).metadata.created_at)
  }

  expect(created).toEqual(Array.from({ length: 5 }, (_, life) => iso(expiry + life * 1000)))
})

test('of the categories of one write each begins anew or goes on by itself', async () => {
  await writeWith(service, identifier, { alive: { old: 1 } }, { ttl: 60 })
  nowMs = expiry

  const reply = await service.write(identifier, { cat: { new: 1 }, alive: { new: 1 }, never: { new: 1 } })

  expect(reply.json).toMatchObject({ total_features: 3 })
  const created = await Promise.all(['cat', 'alive', 'never'].map(async (name) => (await shown(name)).metadata.created_at))
  expect(created).toEqual([iso(expiry), iso(bornMs), iso(expiry)])
})
