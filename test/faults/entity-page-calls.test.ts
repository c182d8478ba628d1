import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { categoriesOf, firstCursor, type Page, readAllPages, readPage } from '../support/entity-calls.ts'
import { pageAskedOf } from '../support/query-replies.ts'
import { passEverything, type ScriptedDynamoDB } from '../support/scripted-dynamodb.ts'
import { startProxiedService } from '../support/scripted-service.ts'
import { storedItem } from '../support/stored-items.ts'
import type { TestService } from '../support/test-service.ts'

const CATEGORIES = Array.from({ length: 25 }, (_, index) => `cat-${100 + index}`)

let dynamodb: ScriptedDynamoDB
let service: TestService
let close: () => Promise<void>

beforeAll(async () => {
  ;({ dynamodb, service, close } = await startProxiedService())
  await service.write('user', Object.fromEntries(CATEGORIES.map((category) => [category, { f: 1 }])))
})

beforeEach(() => {
  dynamodb.use(passEverything)
})

afterAll(async () => {
  await close()
})

test.for([
  ['a page among others', 10],
  ['a page of exactly what there is', 25],
  ['a page with room to spare', 100],
] as const)('%s is one Query that asks for one item more than the page has room for', async ([, limit]) => {
  const reply = await readPage(service, 'user', { limit })

  expect(categoriesOf([reply.json as Page])).toHaveLength(Math.min(limit, 25))
  expect(dynamodb.operations()).toEqual(['Query'])
  expect(dynamodb.calls().map(pageAskedOf)).toEqual([{ limit: limit + 1, after: undefined }])
})

test('each further page is one Query, from the last category that was shown', async () => {
  const pages = await readAllPages(service, 'user', { limit: 10 })

  expect(pages).toHaveLength(3)
  expect(dynamodb.calls().map(pageAskedOf)).toEqual([
    { limit: 11, after: undefined },
    { limit: 11, after: CATEGORIES[9] },
    { limit: 11, after: CATEGORIES[19] },
  ])
})

test('that there is nothing is one Query', async () => {
  const reply = await readPage(service, 'nobody')

  expect(reply.status).toBe(404)
  expect(dynamodb.operations()).toEqual(['Query'])
})

test('expired categories before a page cost no more Queries than it takes to pass them', async () => {
  for (let index = 0; index < 7; index += 1) await service.put(storedItem('late', `a${index}`, 1))
  await service.put(storedItem('late', 'live'))
  dynamodb.use(passEverything)

  const reply = await readPage(service, 'late', { limit: 3 })

  expect(categoriesOf([reply.json as Page])).toEqual(['live'])
  expect(new Set(dynamodb.operations())).toEqual(new Set(['Query']))
  expect(dynamodb.calls().length).toBeLessThanOrEqual(2)
})

test('a page that has anything to show is not filled up by another Query', async () => {
  for (const [category, expiresAt] of [['a'], ['b', 1], ['c', 1], ['d', 1], ['e']] as const) {
    await service.put(storedItem('short', category, expiresAt))
  }
  dynamodb.use(passEverything)

  const reply = await readPage(service, 'short', { limit: 2 })

  expect(categoriesOf([reply.json as Page])).toEqual(['a'])
  expect(reply.json).toHaveProperty('next_cursor')
  expect(dynamodb.operations()).toEqual(['Query'])
})

test('a cursor that is refused, or a limit, never reaches DynamoDB', async () => {
  const cursor = await firstCursor(service, 'user')
  dynamodb.use(passEverything)

  const replies = [
    await readPage(service, 'other', { cursor }),
    await readPage(service, 'user', { cursor: `${cursor}A` }),
    await readPage(service, 'user', { limit: 1001 }),
    await readPage(service, 'user', { consistent: 'maybe' }),
  ]

  expect(replies.map(({ status }) => status)).toEqual([422, 422, 422, 422])
  expect(dynamodb.calls()).toEqual([])
})
