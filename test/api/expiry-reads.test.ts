import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { FUTURE_MS } from '../support/future-time.ts'
import { READ_KINDS, type SeenItem } from '../support/read-kinds.ts'
import { repeatDuring } from '../support/repeat-during.ts'
import { startTestService, type TestService } from '../support/test-service.ts'
import { writeWith } from '../support/timed-writes.ts'

let service: TestService
let nowMs = FUTURE_MS
let identifier: string

beforeAll(async () => {
  service = await startTestService({ now: () => new Date(nowMs) })
})

beforeEach(() => {
  identifier = randomUUID()
})

afterAll(async () => {
  await service.close()
})

test.for(READ_KINDS)(
  'no read that begins at the expiry or later sees the item, however many run: $kind',
  async ({ look: lookFor }) => {
    nowMs = Math.ceil(nowMs / 1000) * 1000 + 950
    const expiry = (Math.floor(nowMs / 1000) + 1) * 1000
    await writeWith(service, identifier, { cat: { old: true } }, { ttl: 1 })

    const reads = Array.from({ length: 70 }, async () => {
      const startedAt = nowMs
      const item = await lookFor(service, identifier, 'cat', 'bright_uid')
      // The time goes on as answers come in.
      nowMs += 1
      return { startedAt, endedAt: nowMs - 1, isThere: item !== undefined }
    })
    const seen = [...(await Promise.all(reads)), ...(await inTurn(10, lookFor))]

    expect(seen.filter(({ startedAt, isThere }) => isThere && startedAt >= expiry)).toEqual([])
    expect(seen.filter(({ endedAt, isThere }) => !isThere && endedAt < expiry)).toEqual([])
    expect(new Set(seen.map(({ isThere }) => isThere))).toEqual(new Set([true, false]))
  },
)

async function inTurn(count: number, lookFor: (typeof READ_KINDS)[number]['look']) {
  const seen = []
  for (let turn = 0; turn < count; turn += 1) {
    const startedAt = nowMs
    const item = await lookFor(service, identifier, 'cat', 'bright_uid')
    seen.push({ startedAt, endedAt: nowMs, isThere: item !== undefined })
    nowMs += 5
  }
  return seen
}

test('while items expire and are written anew, no read sees one past its time', async () => {
  const expiries = (item: SeenItem) => Date.parse(String(item.features.metadata.expires_at))

  const writing = (async () => {
    for (let turn = 0; turn < 30; turn += 1) {
      await writeWith(service, identifier, { cat: { turn } }, { ttl: 1 })
      nowMs += (turn * 791) % 1700
    }
  })()
  const seen = await repeatDuring(writing, async () => {
    const startedAt = nowMs
    const items = await Promise.all(READ_KINDS.map(({ look: lookFor }) => lookFor(service, identifier, 'cat', 'bright_uid')))
    return items.filter((item) => item !== undefined).map((item) => ({ startedAt, item }))
  })

  const sights = seen.flat()
  expect(sights.length).toBeGreaterThan(0)
  expect(sights.filter(({ startedAt, item }) => expiries(item) <= startedAt)).toEqual([])
})
