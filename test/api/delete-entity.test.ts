import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readPage } from '../support/entity-calls.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { deleteEntity, deleteItem } from '../support/item-changes.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

// DynamoDB answers a Query with 1 MB at most.
const LARGE = 'x'.repeat(390_000)

let service: TestService

beforeAll(async () => {
  service = await startTestService()
})

afterAll(async () => {
  await service.close()
})

async function deletedBy(identifier: string): Promise<unknown> {
  const { status, json } = await deleteEntity(service, identifier)
  expect(status).toBe(200)
  return json
}

test('a delete of an entity leaves other entities, and its namesake in the other table, as they were', async () => {
  const others = ['use', 'user1', 'user ', 'User', 'user/cat', 'usér']
  for (const identifier of ['user', ...others]) await service.write(identifier, { cat: { identifier } })
  await service.write('user', { cat: { from: 'account_id' } }, 'account_id')
  const stored = () =>
    Promise.all([...others.map((identifier) => service.stored(identifier, 'cat')), service.stored('user', 'cat', 'account_id')])
  const before = await stored()

  const deleted = await deletedBy('user')

  expect(deleted).toEqual({ deleted: 1 })
  expect(await stored()).toStrictEqual(before)
})

test('a delete in the account table leaves the namesake in the other one', async () => {
  await service.write('namesake', { cat: { from: 'bright_uid' } })
  await service.write('namesake', { cat: { from: 'account_id' } }, 'account_id')

  await deleteEntity(service, 'namesake', { tableType: 'account_id' })

  expect(await service.read('namesake', 'cat', 'account_id')).toMatchObject({ status: 404 })
  expect(await service.read('namesake', 'cat')).toMatchObject({ json: { features: { data: { from: 'bright_uid' } } } })
})

test('an entity of 300 categories is deleted whole', async () => {
  const features = { M: { data: { M: { f: { N: '1' } } } } }
  const items = Array.from({ length: 300 }, (_, index) => ({
    PutRequest: { Item: { bright_uid: { S: 'many' }, category: { S: `category-${index}` }, features } },
  }))
  while (items.length > 0) {
    const RequestItems = { [service.tableNames.bright_uid]: items.splice(0, 25) }
    await service.store.client.send(new BatchWriteItemCommand({ RequestItems }))
  }

  const deleted = await deletedBy('many')

  expect(deleted).toEqual({ deleted: 300 })
  expectProblem(await readPage(service, 'many'), 404, 'ITEM_NOT_FOUND')
  expect(await deletedBy('many')).toEqual({ deleted: 0 })
})

test('an entity of more than DynamoDB tells of in one answer is deleted whole', async () => {
  for (const category of ['a', 'b', 'c', 'd', 'e']) await service.write('large', { [category]: { LARGE } })
  await deleteItem(service, 'large', 'a')

  const deleted = await deletedBy('large')

  expect(deleted).toEqual({ deleted: 4 })
  expectProblem(await readPage(service, 'large'), 404, 'ITEM_NOT_FOUND')
})

test('identifiers and categories are what they decode to, once', async () => {
  const names = ['a/b', 'a%2Fb', 'a b', 'a+b', 'a;b=c', '?#&', 'ключ', '😀', '\u0000', '"\\', ' ', 'constructor', ':id', '#id']
  for (const name of names) await service.write(name, { [name]: { name }, other: { name } })

  for (const name of names) {
    const single = await deleteItem(service, name, name)
    const entity = await deleteEntity(service, name)

    expect([name, single.json, entity.json]).toEqual([name, { deleted: 1 }, { deleted: 1 }])
  }
})

test('the identifier __proto__ is an entity like any other', async () => {
  await service.write('__proto__', { cat: { f: 1 } })

  const deleted = await deletedBy('__proto__')

  expect(deleted).toEqual({ deleted: 1 })
  expect(await service.read('__proto__', 'cat')).toMatchObject({ status: 404 })
})

test('the longest identifier and category are deleted', async () => {
  const [identifier, category] = ['🦊'.repeat(512), 'é'.repeat(512)]
  await service.write(identifier, { [category]: { f: 1 }, other: { f: 1 } })

  const single = await deleteItem(service, identifier, category)

  expect(single).toMatchObject({ status: 200, json: { deleted: 1 } })
  expect(await deletedBy(identifier)).toEqual({ deleted: 1 })
})
