import { afterAll, beforeAll, expect, test } from 'vitest'
import { categoriesOf, entitiesOf, firstCursor, readAllPages, readMany, readPage } from '../support/entity-calls.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { deleteEntity, deleteItem } from '../support/item-changes.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

const CONSISTENT = { consistent: 'true' }

let service: TestService

/** `some` has a, c and e left, `none` nothing. */
beforeAll(async () => {
  service = await startTestService()
  const body = Object.fromEntries([...'abcde'].map((category) => [category, { f: category }]))
  await service.write('some', body)
  await service.write('none', body)
  for (const category of 'bd') await deleteItem(service, 'some', category)
  await deleteEntity(service, 'none')
})

afterAll(async () => {
  await service.close()
})

test('a read of a deleted category answers as if it had never been there', async () => {
  for (const [identifier, category] of [
    ['some', 'b'],
    ['none', 'a'],
  ] as const) {
    const reply = await service.read(identifier, category)

    expect(expectProblem(reply, 404, 'ITEM_NOT_FOUND').detail).toBe('Item not found')
  }
})

test('a read by name lists a deleted category as missing, and no feature of it', async () => {
  const { json } = await service.filter('some', { a: ['f', 'g'], b: ['f'], c: [], d: [] })

  expect(json).toMatchObject({ missing_categories: ['b', 'd'], missing_features: { a: ['g'] } })
  expect(Object.keys((json as { items: object }).items)).toEqual(['a', 'c'])
})

test('a read by name of nothing but deleted categories is 404', async () => {
  for (const [identifier, mapping] of [
    ['some', { b: [], d: ['f'] }],
    ['none', { a: [], b: ['f'] }],
  ] as const) {
    const reply = await service.filter(identifier, mapping)

    expect(expectProblem(reply, 404, 'ITEM_NOT_FOUND').detail).toBe('No items found for provided mapping')
  }
})

test('a read of many entities lists deleted categories as missing', async () => {
  const reply = await readMany(service, ['some', 'none'], { a: [], b: ['f'] })

  expect(entitiesOf(reply)).toMatchObject([
    { identifier: 'some', items: { a: { features: { data: { f: 'a' } } } }, missing_categories: ['b'], missing_features: {} },
    { identifier: 'none', items: {}, missing_categories: ['a', 'b'], missing_features: {} },
  ])
})

test.for([1, 2, 3, 100])('pages of %i have what is left, in order, and no empty page on the way', async (limit) => {
  const pages = await readAllPages(service, 'some', { limit })

  expect(categoriesOf(pages)).toEqual(['a', 'c', 'e'])
  expect(pages.filter(({ items, next_cursor }) => next_cursor !== undefined && Object.keys(items).length === 0)).toEqual([])
})

test('everything of an entity whose categories are all deleted is 404', async () => {
  const reply = await readPage(service, 'none', { limit: 1 })

  expectProblem(reply, 404, 'ITEM_NOT_FOUND')
})

test('a cursor from before the delete leads to an end, and to nothing deleted', async () => {
  await service.write('paged', { a: { f: 1 }, b: { f: 2 }, c: { f: 3 } })
  const cursor = await firstCursor(service, 'paged')
  await deleteEntity(service, 'paged')

  const reply = await readPage(service, 'paged', { limit: 1, cursor })

  expect(reply.status).toBe(200)
  expect(reply.json).toStrictEqual({ identifier: 'paged', table_type: 'bright_uid', items: {} })
})

test('consistent reads say the same', async () => {
  const single = await service.request('GET', '/api/v1/get/item/some/b?consistent=true')
  const byName = await service.request('POST', '/api/v1/get/item/some?consistent=true', { a: [], b: [] })
  const many = await readMany(service, ['none'], { a: [] }, CONSISTENT)
  const pages = await readAllPages(service, 'some', CONSISTENT)
  const page = await readPage(service, 'none', CONSISTENT)

  expectProblem(single, 404, 'ITEM_NOT_FOUND')
  expect(byName.json).toMatchObject({ missing_categories: ['b'] })
  expect(entitiesOf(many)).toMatchObject([{ items: {}, missing_categories: ['a'] }])
  expect(categoriesOf(pages)).toEqual(['a', 'c', 'e'])
  expectProblem(page, 404, 'ITEM_NOT_FOUND')
})
