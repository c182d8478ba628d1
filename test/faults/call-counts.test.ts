import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { askedOf, categoryOf } from '../support/dynamodb-replies.ts'
import { passEverything, type ScriptedDynamoDB, type ScriptedReply } from '../support/scripted-dynamodb.ts'
import { startProxiedService } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'

const BAD_REQUESTS = [
  ['a write of nothing', 'POST', '/api/v1/items/user', '{}'],
  ['a write that is not JSON', 'POST', '/api/v1/items/user', '{"good":{"f":1},'],
  ['a write with one bad value among good ones', 'POST', '/api/v1/items/user', '{"good":{"f":1},"bad":{"f":1e200}}'],
  ['a write with one bad name among good ones', 'POST', '/api/v1/items/user', '{"good":{"f":1},"bad":{"":1}}'],
  ['a write of features that are no object', 'POST', '/api/v1/items/user', '{"good":{"f":1},"bad":[1]}'],
  ['a write of one item too large among good ones', 'POST', '/api/v1/items/user', tooLarge()],
  ['a write of 501 categories', 'POST', '/api/v1/items/user', JSON.stringify(featuresOf(501))],
  ['a write to an unknown table', 'POST', '/api/v1/items/user?table_type=other', '{"good":{"f":1}}'],
  ['a write to an identifier too long', 'POST', `/api/v1/items/${'i'.repeat(2049)}`, '{"good":{"f":1}}'],
  ['a read of an unknown table', 'GET', '/api/v1/get/item/user/category?table_type=other', undefined],
  ['a read of a category too long', 'GET', `/api/v1/get/item/user/${'c'.repeat(1025)}`, undefined],
  ['a read of no categories', 'POST', '/api/v1/get/item/user', '{}'],
  ['a read of features that are no list', 'POST', '/api/v1/get/item/user', '{"good":[],"bad":"f"}'],
  ['a read of 1,001 categories', 'POST', '/api/v1/get/item/user', JSON.stringify(mappingOf(1001))],
] as const

let dynamodb: ScriptedDynamoDB
let service: TestService
let close: () => Promise<void>

beforeAll(async () => {
  ;({ dynamodb, service, close } = await startProxiedService())
})

beforeEach(() => {
  dynamodb.use(passEverything)
})

afterAll(async () => {
  await close()
})

function categories(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `category-${index}`)
}

function featuresOf(count: number): Record<string, { f: number }> {
  return Object.fromEntries(categories(count).map((category, index) => [category, { f: index }]))
}

function mappingOf(count: number): Record<string, string[]> {
  return Object.fromEntries(categories(count).map((category) => [category, []]))
}

function tooLarge(): string {
  return JSON.stringify({ good: { f: 1 }, bad: { f: 'x'.repeat(400 * 1024) } })
}

test.for([1, 2, 10, 100])('a write of %i categories is one UpdateItem each and nothing else', async (count) => {
  const reply = await service.write(`writes-${count}`, featuresOf(count))

  expect(reply.status).toBe(200)
  expect(dynamodb.operations()).toEqual(Array(count).fill('UpdateItem'))
  expect(dynamodb.calls().map(categoryOf).sort()).toEqual(categories(count).sort())
})

test('overwriting what is stored is one UpdateItem, nothing read before it', async () => {
  await service.write('overwritten', { category: { f: 1 } })
  dynamodb.use(passEverything)

  const reply = await service.write('overwritten', { category: { f: 2 } })

  expect(reply.status).toBe(200)
  expect(dynamodb.operations()).toEqual(['UpdateItem'])
})

test.for(['category-0', 'not-stored'])('a read of one category is one GetItem (%s)', async (category) => {
  await service.write('single', featuresOf(1))
  dynamodb.use(passEverything)

  const reply = await service.read('single', category)

  expect(reply.status).toBe(category === 'not-stored' ? 404 : 200)
  expect(dynamodb.operations()).toEqual(['GetItem'])
})

test('a read of ten categories is one BatchGetItem of ten distinct keys', async () => {
  await service.write('ten', featuresOf(10))
  dynamodb.use(passEverything)

  const reply = await service.filter('ten', mappingOf(10))

  expect(reply.json).toMatchObject({ missing_categories: [] })
  expect(dynamodb.operations()).toEqual(['BatchGetItem'])
  expect(dynamodb.calls().map((call) => askedOf(call).categories.sort())).toEqual([categories(10)])
})

test('a category named twice in a mapping is asked for once', async () => {
  await service.write('twice', featuresOf(1))
  dynamodb.use(passEverything)

  const reply = await service.filter('twice', '{"category-0":["other"],"category-0":["f","f"]}')

  expect(reply.status).toBe(200)
  expect(dynamodb.calls().map((call) => askedOf(call).categories)).toEqual([['category-0']])
})

test('a read of 250 categories is three BatchGetItems that ask for each key once', async () => {
  await service.write('many', featuresOf(250))
  dynamodb.use(passEverything)

  const reply = await service.filter('many', mappingOf(250))

  expect(reply.json).toMatchObject({ items: mappingWithData(250), missing_categories: [] })
  const asked = dynamodb.calls().map((call) => askedOf(call).categories)
  expect(dynamodb.operations()).toEqual(['BatchGetItem', 'BatchGetItem', 'BatchGetItem'])
  expect(asked.map(({ length }) => length).sort()).toEqual([100, 100, 50])
  expect(asked.flat().sort()).toEqual(categories(250).sort())
})

function mappingWithData(count: number) {
  return Object.fromEntries(Object.entries(featuresOf(count)).map(([category, data]) => [category, { features: { data } }]))
}

test.for(BAD_REQUESTS)('%s never reaches DynamoDB', async ([_, method, url, body]) => {
  const reply = await service.request(method, url, body)

  expect(reply.status).toBeGreaterThanOrEqual(400)
  expect(reply.status).toBeLessThan(500)
  expect(dynamodb.calls()).toEqual([])
})

test('a write of 100 categories has 32 UpdateItems in flight and never more', async () => {
  const boundReached = Promise.withResolvers<void>()
  dynamodb.use(async ({ number }): Promise<ScriptedReply> => {
    if (number === 32) boundReached.resolve()
    await boundReached.promise
    return 'pass'
  })

  const reply = await service.write('bounded', featuresOf(100))

  expect(reply.status).toBe(200)
  expect(dynamodb.calls()).toHaveLength(100)
  expect(dynamodb.peakInFlight('UpdateItem')).toBe(32)
})

test('300 reads at once share 64 connections, and each is answered', async () => {
  const { dynamodb, service, close } = await startProxiedService({ coalesceReads: false })
  onTestFinished(close)
  const boundReached = Promise.withResolvers<void>()
  dynamodb.use(async ({ number }): Promise<ScriptedReply> => {
    if (number === 64) boundReached.resolve()
    await boundReached.promise
    return 'pass'
  })

  const replies = await Promise.all(Array.from({ length: 300 }, (_, index) => service.read(`crowd-${index}`, 'category')))

  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([404]))
  expect(dynamodb.calls()).toHaveLength(300)
  expect(dynamodb.peakInFlight('GetItem')).toBe(64)
})

test('a write of 100 categories leaves no warning and no unhandled rejection', async () => {
  const complaints: unknown[] = []
  const note = (complaint: unknown) => complaints.push(complaint)
  process.on('warning', note).on('unhandledRejection', note)
  onTestFinished(() => {
    process.off('warning', note).off('unhandledRejection', note)
  })

  const reply = await service.write('quiet', featuresOf(100))
  // Warnings and rejections are told of on a later turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve))

  expect(reply.status).toBe(200)
  expect(complaints).toEqual([])
})
