import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeMany } from '../support/entity-calls.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

const FIRST = '2099-10-07T07:46:26.943Z'
const LATER = '2099-10-08T00:00:00.000Z'

let service: TestService
let now: string

beforeEach(async () => {
  now = FIRST
  service = await startTestService({ now: () => new Date(now) })
})

afterEach(async () => {
  await service.close()
})

test('the reply names each entity with its categories and their number of features, and the sum of all', async () => {
  const reply = await writeMany(service, { u1: { cat1: { f1: 'v' }, cat2: { a: 1, b: null, c: [1] } }, u2: { cat1: {} } })

  expect(reply.status).toBe(200)
  expect(reply.text).toBe(
    '{"message":"Items written successfully (full replace per category)","table_type":"bright_uid","results":{' +
      '"u1":{"cat1":{"status":"replaced","feature_count":1},"cat2":{"status":"replaced","feature_count":3}},' +
      '"u2":{"cat1":{"status":"replaced","feature_count":0}}},"total_features":4}',
  )
})

test('each entity has what was written of it, as a single write stores it', async () => {
  await writeMany(service, { u1: { cat: { f: 1 } }, u2: { cat: { f: 2 }, other: { g: 'x' } } }, { table_type: 'account_id' })

  const metadata = { updated_at: { S: FIRST }, source: { S: 'api' }, compute_id: { S: 'None' }, ttl: { S: 'None' } }
  expect(await service.stored('u2', 'cat', 'account_id')).toStrictEqual({
    account_id: { S: 'u2' },
    category: { S: 'cat' },
    created_at: { S: FIRST },
    version: { N: String(Date.parse(FIRST)) },
    features: { M: { data: { M: { f: { N: '2' } } }, metadata: { M: metadata } } },
  })
  expect((await service.read('u1', 'cat', 'account_id')).json).toMatchObject({ account_id: 'u1', features: { data: { f: 1 } } })
  expect((await service.read('u2', 'other', 'account_id')).json).toMatchObject({ features: { data: { g: 'x' } } })
  expect((await service.read('u1', 'other', 'account_id')).status).toBe(404)
  expect((await service.read('u1', 'cat', 'bright_uid')).status).toBe(404)
})

test('a category is replaced as a whole, and what is not named stays as it was', async () => {
  await writeMany(service, { u1: { cat: { gone: 1, kept: { lost: 1 } }, other: { f: 1 } }, u2: { cat: { f: 1 } } })
  const before = await Promise.all([service.stored('u1', 'other'), service.stored('u2', 'cat')])
  now = LATER

  await writeMany(service, { u1: { cat: { kept: 2 } } })

  const { json } = await service.read('u1', 'cat')
  expect(json).toMatchObject({ features: { metadata: { created_at: FIRST, updated_at: LATER } } })
  expect(json).toHaveProperty('features.data', { kept: 2 })
  expect(await Promise.all([service.stored('u1', 'other'), service.stored('u2', 'cat')])).toStrictEqual(before)
})

test('the metadata of the writer is on every category of every entity', async () => {
  const query = { source: 'job', compute_id: 'run-7', ttl: 60, event_time: '2099-10-07T07:00:00Z' }

  const reply = await writeMany(service, { u1: { a: { f: 1 }, b: { f: 1 } }, u2: { a: { f: 1 } } }, query)

  expect(reply.status).toBe(200)
  for (const [identifier, category] of [
    ['u1', 'a'],
    ['u1', 'b'],
    ['u2', 'a'],
  ] as const) {
    expect((await service.read(identifier, category)).json).toHaveProperty('features.metadata', {
      created_at: FIRST,
      updated_at: FIRST,
      source: 'job',
      compute_id: 'run-7',
      ttl: 60,
      expires_at: '2099-10-07T07:47:26.000Z',
      event_time: '2099-10-07T07:00:00.000Z',
    })
  }
})

test('of many, one that is stale is refused by its name, and the others are replaced', async () => {
  const stored = { event_time: '2099-10-07T07:00:00Z' }
  await writeMany(service, { u2: { cat: { f: 'newer' } } }, stored)

  const reply = await writeMany(service, { u1: { cat: { f: 1 } }, u2: { cat: { f: 1 } } }, { event_time: '2099-10-07T06:00:00Z' })

  const stored_event_time = '2099-10-07T07:00:00.000Z'
  expect(reply).toMatchObject({ status: 409, json: { code: 'STALE_WRITE', stored_event_time } })
  expect(reply.json).toHaveProperty('results', {
    u1: { cat: { status: 'replaced', feature_count: 1 } },
    u2: { cat: { status: 'failed', code: 'STALE_WRITE', stored_event_time } },
  })
  expect((await service.read('u1', 'cat')).status).toBe(200)
  expect((await service.read('u2', 'cat')).json).toHaveProperty('features.data.f', 'newer')
})
