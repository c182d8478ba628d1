import { afterAll, beforeAll, expect, test } from 'vitest'
import { patchItem, writeWith } from '../support/item-changes.ts'
import { createSteppingClock } from '../support/stepping-clock.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

const clock = createSteppingClock()
const QUERY = { source: 'stream', compute_id: 'run-7', ttl: '600', event_time: '2025-01-02T03:04:05.678Z' }

let service: TestService

beforeAll(async () => {
  service = await startTestService({ now: clock.now })
})

afterAll(async () => {
  await service.close()
})

async function metadataOf(identifier: string) {
  const { json } = await service.read(identifier, 'cat')
  return (json as { features: { metadata: { updated_at: string } } }).features.metadata
}

test('a merge keeps everything about a category but its features, updated_at and version', async () => {
  await writeWith(service, 'kept', { cat: { a: 1, b: 2 } }, { query: QUERY })
  const before = await service.stored('kept', 'cat')

  await patchItem(service, 'kept', 'cat', { b: null, c: 3 })

  const after = await service.stored('kept', 'cat')
  const mergedMs = Number(after?.version?.N)
  const { features, ...beside } = before ?? {}
  expect(mergedMs).toBeGreaterThan(Number(before?.version?.N))
  expect(after).toStrictEqual({
    ...beside,
    version: { N: String(mergedMs) },
    features: {
      M: {
        data: { M: { a: { N: '1' }, c: { N: '3' } } },
        metadata: { M: { ...features?.M?.metadata?.M, updated_at: { S: new Date(mergedMs).toISOString() } } },
      },
    },
  })
})

test('a client sees the same metadata after a merge, with another updated_at', async () => {
  await writeWith(service, 'seen', { cat: { a: 1 } }, { query: QUERY })
  const before = await metadataOf('seen')

  await patchItem(service, 'seen', 'cat', { a: 2 })

  const after = await metadataOf('seen')
  expect(after).toStrictEqual({ ...before, updated_at: expect.toSatisfy((time) => time > before.updated_at) })
  expect(after).toMatchObject({ source: 'stream', compute_id: 'run-7', ttl: 600, event_time: QUERY.event_time })
})

test('a merge does not put the end of a category off', async () => {
  await writeWith(service, 'ends', { cat: { a: 1 } }, { query: { ttl: '600' } })
  clock.pass(500)
  await patchItem(service, 'ends', 'cat', { a: 2 })
  const inTime = await service.read('ends', 'cat')
  clock.pass(100)

  const after = await service.read('ends', 'cat')

  expect([inTime.status, after.status]).toEqual([200, 404])
})

test('the event time that a merge kept still refuses an older write', async () => {
  await writeWith(service, 'event', { cat: { a: 1 } }, { query: { event_time: '2025-06-01T00:00:00Z' } })
  await patchItem(service, 'event', 'cat', { b: 2 })

  const older = await writeWith(service, 'event', { cat: { a: 9 } }, { query: { event_time: '2025-05-31T23:59:59Z' } })

  expect(older).toMatchObject({ status: 409, json: { code: 'STALE_WRITE' } })
  expect(await service.read('event', 'cat')).toMatchObject({ json: { features: { data: { a: 1, b: 2 } } } })
})

test('a merge of nothing but removals of what is not there moves updated_at all the same', async () => {
  await service.write('moved', { cat: { a: 1 } })
  const before = await metadataOf('moved')

  await patchItem(service, 'moved', 'cat', { never: null })

  const after = await metadataOf('moved')
  expect(after.updated_at > before.updated_at).toBe(true)
})

test('a whole write after a merge replaces what was merged', async () => {
  await service.write('replaced', { cat: { a: 1 } })
  await patchItem(service, 'replaced', 'cat', { b: 2 })

  await service.write('replaced', { cat: { c: 3 } })

  const { json } = await service.read('replaced', 'cat')
  expect(json).toHaveProperty('features.data', { c: 3 })
})

test('of a merge and a write in one millisecond the later one counts', async () => {
  const still = await startTestService({ now: () => new Date('2099-10-07T07:46:26.943Z') })

  await still.write('still', { cat: { a: 1 } })
  await patchItem(still, 'still', 'cat', { b: 2 })
  await patchItem(still, 'still', 'cat', { b: 3, c: 3 })
  const { json } = await still.read('still', 'cat')

  await still.close()
  expect(json).toMatchObject({
    features: {
      data: { a: 1, b: 3, c: 3 },
      metadata: { created_at: '2099-10-07T07:46:26.943Z', updated_at: '2099-10-07T07:46:26.945Z' },
    },
  })
})
