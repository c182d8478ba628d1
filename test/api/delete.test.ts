import { afterAll, beforeAll, expect, test } from 'vitest'
import { deleteEntity, deleteItem, writeWith } from '../support/item-changes.ts'
import { createSteppingClock } from '../support/stepping-clock.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

const clock = createSteppingClock()

let service: TestService

beforeAll(async () => {
  service = await startTestService({ now: clock.now })
})

afterAll(async () => {
  await service.close()
})

test('a delete of a category is answered with the number of categories that it deleted', async () => {
  await service.write('counted', { cat: { f: 1 }, other: { f: 2 } })

  const reply = await deleteItem(service, 'counted', 'cat')

  expect(reply).toMatchObject({ status: 200, text: '{"deleted":1}' })
  expect(reply.contentType).toMatch(/^application\/json/)
})

test('a delete of an entity is answered with the number of categories that it deleted', async () => {
  await service.write('counted-entity', { a: { f: 1 }, b: { f: 2 }, c: {} })

  const reply = await deleteEntity(service, 'counted-entity')

  expect(reply).toMatchObject({ status: 200, text: '{"deleted":3}' })
})

test('the same delete again is 200 and deletes nothing', async () => {
  await service.write('again', { a: { f: 1 }, b: { f: 2 } })

  const replies = [
    await deleteItem(service, 'again', 'a'),
    await deleteItem(service, 'again', 'a'),
    await deleteEntity(service, 'again'),
    await deleteEntity(service, 'again'),
    await deleteItem(service, 'again', 'b'),
  ]

  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  expect(replies.map(({ json }) => json)).toEqual([1, 0, 1, 0, 0].map((deleted) => ({ deleted })))
})

test('a delete of what was never there is 200 and deletes nothing', async () => {
  const replies = [await deleteItem(service, 'never', 'cat'), await deleteEntity(service, 'never-either')]

  expect(replies.map(({ status, json }) => ({ status, json }))).toEqual([
    { status: 200, json: { deleted: 0 } },
    { status: 200, json: { deleted: 0 } },
  ])
  expect(await service.read('never', 'cat')).toMatchObject({ status: 404 })
})

test('a delete of an entity does not count what was deleted before', async () => {
  await service.write('one-gone', { a: { f: 1 }, b: { f: 2 }, c: { f: 3 } })
  await deleteItem(service, 'one-gone', 'b')

  const { json } = await deleteEntity(service, 'one-gone')

  expect(json).toEqual({ deleted: 2 })
})

test('what has expired counts as not there, to the second', async () => {
  for (const identifier of ['expired', 'expired-entity']) {
    await writeWith(service, identifier, { short: { f: 1 } }, { query: { ttl: '60' } })
    await writeWith(service, identifier, { long: { f: 2 } }, { query: { ttl: '600' } })
  }
  clock.pass(60)

  const single = await deleteItem(service, 'expired', 'short')
  const entity = await deleteEntity(service, 'expired-entity')

  expect(single).toMatchObject({ status: 200, json: { deleted: 0 } })
  expect(entity).toMatchObject({ status: 200, json: { deleted: 1 } })
  expect(await service.read('expired', 'long')).toMatchObject({ status: 200 })
})

test('what another writer stored without features is there to be read, and so to be deleted', async () => {
  await service.put({ bright_uid: { S: 'bare' }, category: { S: 'cat' } })
  await service.put({ bright_uid: { S: 'bare' }, category: { S: 'odd' }, features: { S: 'odd' } })

  const single = await deleteItem(service, 'bare', 'cat')
  const entity = await deleteEntity(service, 'bare')

  expect([single.json, entity.json]).toEqual([{ deleted: 1 }, { deleted: 1 }])
  expect(await service.filter('bare', { cat: [], odd: [] })).toMatchObject({ status: 404 })
})

test('a category that was written again after its delete is deleted again', async () => {
  await service.write('twice', { cat: { f: 1 } })
  await deleteItem(service, 'twice', 'cat')
  await service.write('twice', { cat: { f: 2 } })

  const reply = await deleteItem(service, 'twice', 'cat')

  expect(reply).toMatchObject({ status: 200, json: { deleted: 1 } })
  expect(await service.read('twice', 'cat')).toMatchObject({ status: 404 })
})

test('a delete does not touch the categories beside the one that it names', async () => {
  const beside = ['ca', 'cat ', 'cat1', 'Cat', 'cat/', 'cat%']
  await service.write('beside', Object.fromEntries(['cat', ...beside].map((category) => [category, { category }])))
  const before = await Promise.all(beside.map((category) => service.stored('beside', category)))

  await deleteItem(service, 'beside', 'cat')

  expect(await Promise.all(beside.map((category) => service.stored('beside', category)))).toStrictEqual(before)
})
