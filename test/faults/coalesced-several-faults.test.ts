import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { gatherCrowd, readAtOnce } from '../support/crowded-reads.ts'
import { askedOf, batch, itemOf, refusal, success } from '../support/dynamodb-replies.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { passEverything, type ScriptedDynamoDB } from '../support/scripted-dynamodb.ts'
import { startProxiedService, waitBeforeRetries } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'

let dynamodb: ScriptedDynamoDB
let service: TestService
let close: () => Promise<void>

beforeAll(async () => {
  ;({ dynamodb, service, close } = await startProxiedService({ app: { requestTimeoutMs: 1000 } }))
})

beforeEach(() => {
  dynamodb.use(passEverything)
})

afterAll(async () => {
  await close()
})

test('what stays unprocessed until the deadline is 503 for those that asked for it, and for nobody else', async () => {
  await gatherCrowd({ service, dynamodb }, (call) => {
    const { table, categories } = askedOf(call)
    return batch(
      table,
      categories.filter((category) => category !== 'two'),
      categories.filter((category) => category === 'two'),
    )
  })
  waitBeforeRetries('past the deadline')

  const [both, other, [single]] = await Promise.all([
    service.filter('user', { one: [], two: [] }),
    service.filter('user', { one: [], three: [] }),
    readAtOnce(service, 'user', ['three']),
  ])

  expectProblem(both, 503, 'STORE_THROTTLED')
  expect([other.status, single?.status]).toEqual([200, 200])
})

test('a refusal of what was unprocessed, and then more that is, makes nothing missing that is there', async () => {
  let batches = 0
  await gatherCrowd({ service, dynamodb }, (call) => {
    batches += 1
    const { table, categories } = askedOf(call)
    if (batches === 1) return batch(table, ['one'], ['two', 'three'])
    if (batches === 2) return refusal('ValidationException', 'refused together')
    return batch(table, categories.slice(0, 1), categories.slice(1))
  })

  const [reply, [single]] = await Promise.all([
    service.filter('user', { one: [], two: [] }),
    readAtOnce(service, 'user', ['three']),
  ])

  const [one, two] = ['one', 'two'].map((name) => ({ features: { data: { name } } }))
  expect(reply.json).toMatchObject({ items: { one, two }, missing_categories: [] })
  expect(single?.status).toBe(200)
})

test('an unreadable item is 503 for those that asked for it among others, and for nobody else', async () => {
  const unreadable = { ...itemOf('two'), created_at: { N: 'NaN' } }
  await gatherCrowd({ service, dynamodb }, (call) => {
    const { table, categories } = askedOf(call)
    const items = categories.map((category) => (category === 'two' ? unreadable : itemOf(category)))
    return success({ Responses: { [table]: items }, UnprocessedKeys: {} })
  })

  const [both, other, singles] = await Promise.all([
    service.filter('user', { one: [], two: [] }),
    service.filter('user', { one: [], three: [] }),
    readAtOnce(service, 'user', ['one', 'two']),
  ])

  expectProblem(both, 503, 'STORE_UNAVAILABLE')
  expect([other.status, ...singles.map(({ status }) => status)]).toEqual([200, 200, 503])
})
