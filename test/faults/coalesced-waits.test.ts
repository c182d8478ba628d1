import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  CROWD_SIZE,
  callsBesideCrowd,
  categories,
  gatherCrowd,
  heldBesideCrowd,
  keysOf,
  operationsBesideCrowd,
  readAtOnce,
  stopTimers,
  withoutTime,
} from '../support/crowded-reads.ts'
import { passEverything, type ScriptedDynamoDB } from '../support/scripted-dynamodb.ts'
import { startProxiedService } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'

const MAX_KEYS = 100
const MAX_WAIT_MS = 2

let dynamodb: ScriptedDynamoDB
let service: TestService
let close: () => Promise<void>

beforeAll(async () => {
  ;({ dynamodb, service, close } = await startProxiedService())
  await service.write('user', Object.fromEntries(categories(150).map((name) => [name, { name }])))
})

beforeEach(() => {
  dynamodb.use(passEverything)
})

afterAll(async () => {
  await close()
})

test('a lone read is a GetItem that waits for nothing', async () => {
  stopTimers()

  const [reply] = await readAtOnce(service, 'user', categories(1))

  expect(reply?.status).toBe(200)
  expect(operationsBesideCrowd(dynamodb)).toEqual(['GetItem'])
})

test('reads one after the other are GetItems', async () => {
  for (const category of categories(20)) await readAtOnce(service, 'user', [category])

  expect(operationsBesideCrowd(dynamodb)).toEqual(Array(20).fill('GetItem'))
})

test('two reads at once are GetItems that wait for nothing', async () => {
  stopTimers()

  const replies = await readAtOnce(service, 'user', categories(2))

  expect(replies.map(({ status }) => status)).toEqual([200, 200])
  expect(operationsBesideCrowd(dynamodb)).toEqual(['GetItem', 'GetItem'])
})

test.for([1, 2, 7])('beside %i calls under way, reads that come at once go together at once', async (underWay) => {
  await gatherCrowd({ service, dynamodb }, passEverything, {}, underWay)
  stopTimers()

  const replies = await readAtOnce(service, 'user', categories(10))

  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
  expect(operationsBesideCrowd(dynamodb)).toEqual(['BatchGetItem'])
})

test('a batch of 100 keys goes at once, and those behind it in the next', async () => {
  await gatherCrowd({ service, dynamodb }, () => 'hold')
  const timers = stopTimers()
  const reading = readAtOnce(service, 'user', categories(150))

  const [full] = await heldBesideCrowd(dynamodb)
  const keysWithoutWaiting = callsBesideCrowd(dynamodb).map((call) => keysOf(call).length)
  timers.pass(MAX_WAIT_MS)
  const [, rest] = await heldBesideCrowd(dynamodb, 2)
  await Promise.all([full?.release(), rest?.release()])

  expect(keysWithoutWaiting).toEqual([MAX_KEYS])
  expect(callsBesideCrowd(dynamodb).map((call) => keysOf(call).length)).toEqual([MAX_KEYS, 50])
  expect(new Set((await reading).map(({ status }) => status))).toEqual(new Set([200]))
})

test('what waits goes as soon as calls of its kind have ended', async () => {
  const answerOne = await gatherCrowd({ service, dynamodb })
  stopTimers()
  const reading = readAtOnce(service, 'user', categories(10))

  for (let call = 0; call < CROWD_SIZE; call += 1) await answerOne()
  const replies = await reading

  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
  expect(operationsBesideCrowd(dynamodb)).toEqual(['BatchGetItem'])
})

test('what waits goes after 2 ms, though the calls before it hang', async () => {
  await gatherCrowd({ service, dynamodb })
  const timers = stopTimers()
  const reading = readAtOnce(service, 'user', categories(10))
  await withoutTime()
  const before = operationsBesideCrowd(dynamodb)

  timers.pass(MAX_WAIT_MS)
  const replies = await reading

  expect(before).toEqual([])
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
  expect(operationsBesideCrowd(dynamodb)).toEqual(['BatchGetItem'])
})

test('when the crowd has gone, a read is a GetItem that waits for nothing again', async () => {
  const answerOne = await gatherCrowd({ service, dynamodb })
  await readAtOnce(service, 'user', categories(10))
  for (let call = 0; call < CROWD_SIZE; call += 1) await answerOne()
  await dynamodb.quiet()
  await withoutTime()
  dynamodb.use(passEverything)
  stopTimers()

  await readAtOnce(service, 'user', categories(1))

  expect(operationsBesideCrowd(dynamodb)).toEqual(['GetItem'])
})
