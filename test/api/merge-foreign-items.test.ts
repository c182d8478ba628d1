import { afterAll, beforeAll, expect, test } from 'vitest'
import { patchItem } from '../support/item-changes.ts'
import { createSteppingClock } from '../support/stepping-clock.ts'
import { type Item, startTestService, type TestService } from '../support/test-service.ts'

type Attributes = Record<string, Item[string]>
type Shown = { features: { data: object; metadata: Record<string, unknown> } }

const CREATED = '2024-01-02T03:04:05.678901'
const METADATA: Attributes = {
  created_at: { S: CREATED },
  updated_at: { S: '2024-05-06T07:08:09' },
  source: { S: 'batch-job' },
  compute_id: { S: 'run-7' },
  ttl: { N: '3600' },
}
const DEFAULTS = { source: 'api', compute_id: 'None', ttl: 'None' }

/** Items as no version of the service writes them: features that can be seen in them, and what else is to be kept. */
const ODD: Record<string, { attributes: Attributes; seen?: object; kept?: object }> = {
  'no features': { attributes: {} },
  'no features, and a created_at': { attributes: { created_at: { S: CREATED } }, kept: { created_at: CREATED } },
  'features that are empty': { attributes: { features: { M: {} } } },
  'no data': {
    attributes: { features: { M: { metadata: { M: METADATA } } } },
    kept: { created_at: CREATED, source: 'batch-job' },
  },
  'data that is no map': {
    attributes: { features: { M: { data: { L: [{ S: 'odd' }] }, metadata: { M: METADATA } } } },
    kept: { created_at: CREATED, compute_id: 'run-7' },
  },
  'data that is null': {
    attributes: { created_at: { S: CREATED }, features: { M: { data: { NULL: true } } } },
    kept: { created_at: CREATED },
  },
  'no metadata': { attributes: { features: { M: { data: { M: { a: { N: '1' } } } } } }, seen: { a: 1 } },
  'metadata that is empty': {
    attributes: { features: { M: { data: { M: { a: { N: '1' } } }, metadata: { M: {} } } } },
    seen: { a: 1 },
  },
  'metadata that is no map': {
    attributes: { created_at: { S: CREATED }, features: { M: { data: { M: { a: { N: '1' } } }, metadata: { NULL: true } } } },
    seen: { a: 1 },
    kept: { created_at: CREATED },
  },
  'features that are a text': {
    attributes: { created_at: { S: CREATED }, features: { S: 'odd' } },
    kept: { created_at: CREATED },
  },
  'features that are a list': { attributes: { features: { L: [{ M: { data: { M: {} } } }] } } },
}

const clock = createSteppingClock()

let service: TestService

beforeAll(async () => {
  service = await startTestService({ now: clock.now })
})

afterAll(async () => {
  await service.close()
})

/** Holds a time against when the last request was. */
function isRecent(time: string): boolean {
  return clock.lastMs() - Date.parse(time) <= 100
}

async function shown(identifier: string): Promise<Shown['features']> {
  return ((await service.read(identifier, 'cat')).json as Shown).features
}

test('a merge into an item of the older service keeps its created_at and all the rest, and moves updated_at', async () => {
  const features = { M: { data: { M: { a: { N: '1.5' }, b: { S: 'x' } } }, metadata: { M: METADATA } } }
  await service.put({ bright_uid: { S: 'older' }, category: { S: 'cat' }, features })

  const reply = await patchItem(service, 'older', 'cat', { b: null, c: 2 })

  expect(reply.status).toBe(200)
  expect(await shown('older')).toStrictEqual({
    data: { a: 1.5, c: 2 },
    metadata: {
      created_at: CREATED,
      updated_at: expect.toSatisfy(isRecent),
      source: 'batch-job',
      compute_id: 'run-7',
      ttl: 3600,
    },
  })
})

test('created_at stays after a merge and a write into an item of the older service', async () => {
  const features = { M: { data: { M: {} }, metadata: { M: METADATA } } }
  await service.put({ bright_uid: { S: 'older-then' }, category: { S: 'cat' }, features })

  await patchItem(service, 'older-then', 'cat', { a: 1 })
  await service.write('older-then', { cat: { a: 2 } })
  await patchItem(service, 'older-then', 'cat', { b: 3 })

  const { data, metadata } = await shown('older-then')
  expect(data).toEqual({ a: 2, b: 3 })
  expect(metadata.created_at).toBe(CREATED)
})

test.for(Object.entries(ODD))(
  'a merge into an item with %s has what was to be seen before, and the patch',
  async ([what, odd]) => {
    await service.put({ bright_uid: { S: what }, category: { S: 'cat' }, ...odd.attributes })

    const reply = await patchItem(service, what, 'cat', { added: 2, never: null })

    expect(reply).toMatchObject({ status: 200, json: { results: { cat: { status: 'merged', feature_count: 1 } } } })
    const { data, metadata } = await shown(what)
    expect(data).toStrictEqual({ ...odd.seen, added: 2 })
    expect(metadata).toMatchObject({ ...odd.kept, updated_at: expect.toSatisfy(isRecent) })
  },
)

test.for(Object.entries(ODD))('a merge into an item with %s leaves one that is like any other', async ([what, odd]) => {
  const identifier = `then ${what}`
  await service.put({ bright_uid: { S: identifier }, category: { S: 'cat' }, ...odd.attributes })
  await patchItem(service, identifier, 'cat', { added: 2 })

  const again = await patchItem(service, identifier, 'cat', { added: 3 })
  const { data, metadata } = await shown(identifier)
  const written = await service.write(identifier, { cat: { f: 1 } })

  expect([again.status, written.status]).toEqual([200, 200])
  expect(data).toStrictEqual({ ...odd.seen, added: 3 })
  expect(Object.keys(metadata)).toEqual(expect.arrayContaining(['created_at', 'updated_at', ...Object.keys(DEFAULTS)]))
  if (odd.kept) expect(await shown(identifier)).toHaveProperty('metadata.created_at', CREATED)
})

test.for<[string, Item[string]]>([
  ['a text', { S: 'no' }],
  ['a truth', { BOOL: false }],
])('what is merged into an item that another writer marked `deleted`, by %s, can be read', async ([what, deleted]) => {
  const features = { M: { data: { M: { a: { N: '1' } } }, metadata: { M: METADATA } } }
  await service.put({ bright_uid: { S: `deleted, ${what}` }, category: { S: 'cat' }, features, deleted })

  const reply = await patchItem(service, `deleted, ${what}`, 'cat', { added: 2 })

  expect(reply.status).toBe(200)
  expect(await shown(`deleted, ${what}`)).toMatchObject({ data: { added: 2 } })
})
