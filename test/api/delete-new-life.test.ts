import { afterAll, beforeAll, expect, test } from 'vitest'
import { deleteEntity, deleteItem, writeWith } from '../support/item-changes.ts'
import { createSteppingClock } from '../support/stepping-clock.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

const clock = createSteppingClock()
const HOURS = 3600
const STANDING_STILL = new Date('2099-10-07T07:46:26.943Z')

const DELETES: [string, (identifier: string) => Promise<{ status: number }>][] = [
  ['a delete of the category', (identifier) => deleteItem(service, identifier, 'cat')],
  ['a delete of the entity', (identifier) => deleteEntity(service, identifier)],
]

type Item = { features: { metadata: { created_at: string; updated_at: string } } }

let service: TestService

beforeAll(async () => {
  service = await startTestService({ now: clock.now })
})

afterAll(async () => {
  await service.close()
})

async function metadataOf(identifier: string) {
  return ((await service.read(identifier, 'cat')).json as Item).features.metadata
}

test.for(DELETES)('a write after %s is stored as a first write is', async ([what, remove]) => {
  await writeWith(service, what, { cat: { old: 1 } }, { query: { ttl: '60', event_time: '2025-01-01T00:00:00Z', source: 'x' } })
  await remove(what)
  const deletedMs = clock.lastMs()

  const reply = await service.write(what, { cat: { f: 1 } })

  expect(reply.status).toBe(200)
  const item = await service.stored(what, 'cat')
  const writtenMs = Number(item?.version?.N)
  const written = { S: new Date(writtenMs).toISOString() }
  expect(item).toStrictEqual({
    bright_uid: { S: what },
    category: { S: 'cat' },
    created_at: written,
    version: { N: expect.toSatisfy((ms) => ms > deletedMs && ms <= clock.lastMs()) },
    features: {
      M: {
        data: { M: { f: { N: '1' } } },
        metadata: { M: { updated_at: written, source: { S: 'api' }, compute_id: { S: 'None' }, ttl: { S: 'None' } } },
      },
    },
  })
})

test('a category that was written after its delete is still there when the delete’s own trace would have been thrown away', async () => {
  await service.write('stays', { cat: { f: 1 } })
  await deleteItem(service, 'stays', 'cat')
  await service.write('stays', { cat: { f: 2 } })
  clock.pass(2 * HOURS)

  const { json } = await service.read('stays', 'cat')

  expect(json).toHaveProperty('features.data', { f: 2 })
})

test.for([0, 2 * HOURS])('%i seconds after a delete, an event older than the one before it is accepted', async (seconds) => {
  const identifier = `events-${seconds}`
  await writeWith(service, identifier, { cat: { f: 1 } }, { query: { event_time: '2025-06-01T00:00:00Z' } })
  await deleteItem(service, identifier, 'cat')
  clock.pass(seconds)

  const reply = await writeWith(service, identifier, { cat: { f: 2 } }, { query: { event_time: '2024-01-01T00:00:00Z' } })

  expect(reply.status).toBe(200)
  const { json } = await service.read(identifier, 'cat')
  expect(json).toMatchObject({ features: { data: { f: 2 }, metadata: { event_time: '2024-01-01T00:00:00.000Z' } } })
})

test('hours after a delete the category is still missing, and a write creates it', async () => {
  await service.write('much-later', { cat: { f: 1 } })
  await deleteItem(service, 'much-later', 'cat')
  clock.pass(2 * HOURS)

  const missing = await service.read('much-later', 'cat')
  const again = await deleteItem(service, 'much-later', 'cat')
  const written = await service.write('much-later', { cat: { f: 2 } })

  expect([missing.status, again.status, written.status]).toEqual([404, 200, 200])
  expect(again.json).toEqual({ deleted: 0 })
  const metadata = await metadataOf('much-later')
  expect(metadata.created_at).toBe(metadata.updated_at)
})

test('a ttl of the life before does not end the new one', async () => {
  await writeWith(service, 'ttl', { cat: { f: 1 } }, { query: { ttl: '60' } })
  await deleteItem(service, 'ttl', 'cat')
  await writeWith(service, 'ttl', { cat: { f: 2 } }, { query: { ttl: '600' } })
  clock.pass(120)

  const inTime = await service.read('ttl', 'cat')
  clock.pass(600)
  const after = await service.read('ttl', 'cat')

  expect(inTime).toMatchObject({ status: 200, json: { features: { data: { f: 2 }, metadata: { ttl: 600 } } } })
  expect(after.status).toBe(404)
})

test('created_at and updated_at go on after a delete though the clock stands still', async () => {
  const still = await startTestService({ now: () => STANDING_STILL })
  const seen: string[] = []

  for (const f of [1, 2, 3]) {
    await still.write('still', { cat: { f } })
    const { metadata } = ((await still.read('still', 'cat')).json as Item).features
    expect(metadata.created_at).toBe(metadata.updated_at)
    seen.push(metadata.updated_at)
    await deleteItem(still, 'still', 'cat')
  }

  await still.close()
  expect(seen).toEqual([...new Set(seen)].toSorted())
})
