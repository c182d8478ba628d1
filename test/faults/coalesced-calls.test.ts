import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  callsBesideCrowd,
  categories,
  EVERY_KIND,
  gatherCrowd,
  keysOf,
  operationsBesideCrowd,
  readAtOnce,
} from '../support/crowded-reads.ts'
import { passEverything, type ScriptedDynamoDB } from '../support/scripted-dynamodb.ts'
import { startProxiedService } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'

type Seen = { features: { data: { is: string } } }

let dynamodb: ScriptedDynamoDB
let service: TestService
let close: () => Promise<void>

beforeAll(async () => {
  ;({ dynamodb, service, close } = await startProxiedService())
  for (const tableType of ['bright_uid', 'account_id'] as const) {
    await service.write('user', Object.fromEntries(categories(40).map((name) => [name, { name, tableType }])), tableType)
  }
})

beforeEach(() => {
  dynamodb.use(passEverything)
})

afterAll(async () => {
  await close()
})

test.for(EVERY_KIND)(
  'beside a crowd, reads of $tableType (consistent: $consistent) are one BatchGetItem, each answered',
  async (kind) => {
    await gatherCrowd({ service, dynamodb }, passEverything, kind)

    const replies = await readAtOnce(service, 'user', categories(40), kind)

    expect(operationsBesideCrowd(dynamodb)).toEqual(['BatchGetItem'])
    expect(replies.map(({ json }) => (json as { features: { data: object } }).features.data)).toEqual(
      categories(40).map((name) => ({ name, tableType: kind.tableType })),
    )
  },
)

test('readers of one category share one of the batch’s keys', async () => {
  await gatherCrowd({ service, dynamodb })

  const replies = await readAtOnce(service, 'user', [...categories(3), ...categories(3), ...categories(2)])

  expect(callsBesideCrowd(dynamodb).map((call) => keysOf(call).sort())).toEqual([
    ['user/category-0', 'user/category-1', 'user/category-2'],
  ])
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
  expect(replies[3]?.json).toEqual(replies[0]?.json)
})

test('300 reads of one category are one key of one call', async () => {
  await gatherCrowd({ service, dynamodb })

  const replies = await readAtOnce(service, 'user', Array(300).fill('category-7'))

  expect(callsBesideCrowd(dynamodb).map(keysOf)).toEqual([['user/category-7']])
  expect(new Set(replies.map(({ text }) => text)).size).toBe(1)
})

test('names that would be the same written one after the other are different keys', async () => {
  const PAIRS = [
    ['a', 'bc'],
    ['ab', 'c'],
    ['1:a', 'b'],
    ['1', ':ab'],
  ] as const
  for (const [identifier, category] of PAIRS) await service.write(identifier, { [category]: { is: `${identifier} ${category}` } })
  await gatherCrowd({ service, dynamodb })

  const replies = await Promise.all(PAIRS.flatMap(([identifier, category]) => readAtOnce(service, identifier, [category])))

  const seen = replies.map(([reply]) => (reply as { json: Seen }).json.features.data.is)
  expect(seen).toEqual(PAIRS.map((pair) => pair.join(' ')))
  expect(operationsBesideCrowd(dynamodb)).toEqual(['BatchGetItem'])
})
