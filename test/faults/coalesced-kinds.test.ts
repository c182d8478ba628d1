import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  callsBesideCrowd,
  categories,
  EVERY_KIND,
  gatherCrowd,
  operationsBesideCrowd,
  readAtOnce,
  stopTimers,
} from '../support/crowded-reads.ts'
import { isConsistent } from '../support/query-replies.ts'
import { passEverything, type ScriptedDynamoDB } from '../support/scripted-dynamodb.ts'
import { startProxiedService } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'

let dynamodb: ScriptedDynamoDB
let service: TestService
let close: () => Promise<void>

beforeAll(async () => {
  ;({ dynamodb, service, close } = await startProxiedService())
  for (const tableType of ['bright_uid', 'account_id'] as const) {
    await service.write('user', Object.fromEntries(categories(10).map((name) => [name, { name, tableType }])), tableType)
  }
})

beforeEach(() => {
  dynamodb.use(passEverything)
})

afterAll(async () => {
  await close()
})

test('reads of each table and each consistency are in calls of their own, asked for as they were meant', async () => {
  for (const kind of EVERY_KIND) await gatherCrowd({ service, dynamodb }, passEverything, kind)

  const replies = await Promise.all(EVERY_KIND.map((kind) => readAtOnce(service, 'user', categories(10), kind)))

  const calls = callsBesideCrowd(dynamodb).filter(({ operation }) => operation === 'BatchGetItem')
  const kinds = calls.map((call) => {
    const [[table = '', asked] = []] = Object.entries(call.body.RequestItems ?? {})
    const tableType = table === service.tableNames.account_id ? 'account_id' : 'bright_uid'
    return {
      tableType,
      consistent: isConsistent(call),
      keys: asked?.Keys.length,
      tables: Object.keys(call.body.RequestItems ?? {}).length,
    }
  })
  expect(kinds).toHaveLength(EVERY_KIND.length)
  expect(kinds).toEqual(expect.arrayContaining(EVERY_KIND.map((kind) => ({ ...kind, keys: 10, tables: 1 }))))
  expect(new Set(replies.flat().map(({ status }) => status))).toEqual(new Set([200]))
})

test('a crowd of one kind has reads of no other kind wait', async () => {
  await gatherCrowd({ service, dynamodb }, passEverything, { consistent: true })
  stopTimers()

  const [first] = await readAtOnce(service, 'user', categories(1))
  const [second] = await readAtOnce(service, 'user', categories(1), { tableType: 'account_id', consistent: true })

  expect([first?.status, second?.status]).toEqual([200, 200])
  expect(operationsBesideCrowd(dynamodb)).toEqual(['GetItem', 'GetItem'])
})
