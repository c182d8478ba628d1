import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectProblem } from '../support/expect-problem.ts'
import { patchItem, writeWith } from '../support/item-changes.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

const LIMIT_BYTES = 400 * 1024
// Less than an item's key, metadata and times take.
const LITTLE = 100
const MARGIN = 1000

let service: TestService

beforeAll(async () => {
  service = await startTestService()
})

afterAll(async () => {
  await service.close()
})

function text(bytes: number): string {
  return 'x'.repeat(bytes)
}

test.for([
  ['one feature grows', { pad: text(LIMIT_BYTES - LITTLE) }],
  ['a feature is added', { added: text(2 * MARGIN) }],
  ['what is removed is less than what is added', { small: null, added: text(2 * MARGIN) }],
] as const)('a category that would grow over the limit is 413 and unchanged: %s', async ([what, patch]) => {
  await service.write(what, { cat: { pad: text(LIMIT_BYTES - MARGIN), small: 1 } })
  const before = await service.stored(what, 'cat')

  const reply = await patchItem(service, what, 'cat', patch)

  expectProblem(reply, 413, 'ITEM_TOO_LARGE')
  expect(await service.stored(what, 'cat')).toEqual(before)
})

test('a patch that is larger than any item is 413 before anything is created', async () => {
  const before = await service.dump()

  const reply = await patchItem(service, 'never', 'cat', { f: text(LIMIT_BYTES) })

  expectProblem(reply, 413, 'ITEM_TOO_LARGE')
  expect(await service.dump()).toBe(before)
})

test('a patch of almost a whole item creates the category', async () => {
  const reply = await patchItem(service, 'created', 'cat', { f: text(LIMIT_BYTES - MARGIN) })

  expect(reply.status).toBe(200)
  expect((await service.stored('created', 'cat'))?.features?.M?.data?.M?.f?.S).toHaveLength(LIMIT_BYTES - MARGIN)
})

test('in a category near the limit a feature can be replaced by one as large, and removed', async () => {
  await service.write('full', { cat: { pad: text(LIMIT_BYTES - MARGIN), small: 1 } })

  const replaced = await patchItem(service, 'full', 'cat', { pad: `y${text(LIMIT_BYTES - MARGIN - 1)}` })
  const removed = await patchItem(service, 'full', 'cat', { pad: null, other: text(LIMIT_BYTES - MARGIN) })

  expect([replaced.status, removed.status]).toEqual([200, 200])
  const data = (await service.stored('full', 'cat'))?.features?.M?.data?.M ?? {}
  expect(Object.keys(data).toSorted()).toEqual(['other', 'small'])
})

test('a patch fits wherever a write of the same fits, whatever the metadata beside it', async () => {
  const query = { source: 'x', compute_id: 'y' }
  // As large as a category of this name can be with so short a metadata, and five bytes larger than with the defaults.
  const features = { f: 'x'.repeat(409_399) }
  await writeWith(service, 'short', { cat: { f: 'before' } }, { query })

  const written = await writeWith(service, 'short too', { cat: features }, { query })
  const patched = await patchItem(service, 'short', 'cat', features)

  expect([written.status, patched.status]).toEqual([200, 200])
})
