import { afterAll, beforeAll, expect, test } from 'vitest'
import { deleteItem, patchItem, writeWith } from '../support/item-changes.ts'
import { createSteppingClock } from '../support/stepping-clock.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

const clock = createSteppingClock()
const HOURS = 3600
const OLD_LIFE = {
  query: { source: 'stream', compute_id: 'run-7', ttl: '60', event_time: '2025-06-01T00:00:00Z' },
}

/** What is under a category's key when nothing is to be seen there. */
const ABSENCES: [string, (identifier: string) => Promise<unknown>][] = [
  ['nothing', async () => undefined],
  [
    'something expired',
    async (identifier) => {
      await writeWith(service, identifier, { cat: { old: 1, f: 'old' } }, OLD_LIFE)
      clock.pass(60)
    },
  ],
  [
    'something deleted',
    async (identifier) => {
      await writeWith(service, identifier, { cat: { old: 1, f: 'old' } }, OLD_LIFE)
      await deleteItem(service, identifier, 'cat')
    },
  ],
  [
    'something deleted hours ago',
    async (identifier) => {
      await writeWith(service, identifier, { cat: { old: 1, f: 'old' } }, OLD_LIFE)
      await deleteItem(service, identifier, 'cat')
      clock.pass(2 * HOURS)
    },
  ],
]

let service: TestService

beforeAll(async () => {
  service = await startTestService({ now: clock.now })
})

afterAll(async () => {
  await service.close()
})

test.for(ABSENCES)('a merge into %s creates the category as a first write does', async ([what, prepare]) => {
  await prepare(what)

  const reply = await patchItem(service, what, 'cat', { f: 'new', g: { h: null }, gone: null })

  expect(reply).toMatchObject({ status: 200, json: { results: { cat: { status: 'merged', feature_count: 2 } } } })
  const item = await service.stored(what, 'cat')
  const written = { S: new Date(Number(item?.version?.N)).toISOString() }
  expect(item).toStrictEqual({
    bright_uid: { S: what },
    category: { S: 'cat' },
    created_at: written,
    version: { N: expect.toSatisfy((ms) => clock.lastMs() - ms <= 50 && ms <= clock.lastMs()) },
    features: {
      M: {
        data: { M: { f: { S: 'new' }, g: { M: { h: { NULL: true } } } } },
        metadata: { M: { updated_at: written, source: { S: 'api' }, compute_id: { S: 'None' }, ttl: { S: 'None' } } },
      },
    },
  })
})

test.for(ABSENCES)('a patch of nothing but nulls into %s creates an empty category', async ([what, prepare]) => {
  const identifier = `nulls into ${what}`
  await prepare(identifier)

  const reply = await patchItem(service, identifier, 'cat', { f: null, old: null })

  expect(reply).toMatchObject({ status: 200, json: { results: { cat: { status: 'merged', feature_count: 0 } } } })
  const { json } = await service.read(identifier, 'cat')
  expect(json).toHaveProperty('features.data', {})
})

test.for(ABSENCES)('what a merge created out of %s stays for good, and takes any event time', async ([what, prepare]) => {
  const identifier = `then written ${what}`
  await prepare(identifier)
  await patchItem(service, identifier, 'cat', { f: 'new' })
  clock.pass(2 * HOURS)

  const read = await service.read(identifier, 'cat')
  const written = await writeWith(service, identifier, { cat: { f: 1 } }, { query: { event_time: '2001-01-01T00:00:00Z' } })

  expect([read.status, written.status]).toEqual([200, 200])
})
