import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { readAllPages, readMany } from '../support/entity-calls.ts'
import { isConsistent } from '../support/query-replies.ts'
import { passEverything, type ScriptedDynamoDB } from '../support/scripted-dynamodb.ts'
import { startProxiedService } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'

const CATEGORIES = Array.from({ length: 150 }, (_, index) => `cat-${index}`)
const MAPPING = Object.fromEntries(CATEGORIES.map((category) => [category, []]))

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

type Search = { consistent?: string }

const READS: [string, string[], (search: Search) => Promise<unknown>][] = [
  ['one category', ['GetItem'], (search) => service.request('GET', `/api/v1/get/item/user/cat-1${toText(search)}`)],
  [
    'several categories',
    ['BatchGetItem', 'BatchGetItem'],
    (search) => service.request('POST', `/api/v1/get/item/user${toText(search)}`, MAPPING),
  ],
  [
    'many entities',
    ['BatchGetItem', 'BatchGetItem', 'BatchGetItem'],
    (search) => readMany(service, ['user', 'other'], MAPPING, search),
  ],
  ['all that an entity has', ['Query', 'Query'], (search) => readAllPages(service, 'user', search)],
]

function toText({ consistent }: Search): string {
  return consistent === undefined ? '' : `?consistent=${consistent}`
}

test.for(READS)('a read of %s is strongly consistent where it is asked to be, in every call', async ([, operations, read]) => {
  await read({ consistent: 'true' })

  expect(dynamodb.operations()).toEqual(operations)
  expect(dynamodb.calls().map(isConsistent)).toEqual(operations.map(() => true))
})

test.for(READS)('a read of %s is eventually consistent, and cheaper, where it is not', async ([, operations, read]) => {
  await read({})
  await read({ consistent: 'false' })

  expect(dynamodb.operations()).toEqual([...operations, ...operations])
  expect(dynamodb.calls().map(isConsistent)).toEqual([...operations, ...operations].map(() => false))
})

test('what is left unprocessed is asked for with the same consistency', async () => {
  dynamodb.use(({ attempt }) => (attempt === 1 ? { answers: (_, index) => index % 2 === 0 } : 'pass'))

  const reply = await readMany(service, ['user'], MAPPING, { consistent: 'true' })

  expect(reply).toMatchObject({ status: 200, json: { entities: [{ missing_categories: [] }] } })
  expect(dynamodb.calls().length).toBeGreaterThan(2)
  expect(dynamodb.calls().map(isConsistent)).not.toContain(false)
})
