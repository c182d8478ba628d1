import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  CROWD_SIZE,
  callsBesideCrowd,
  gatherCrowd,
  heldBesideCrowd,
  keysOf,
  readAtOnce,
  readUntilHangUp,
  stopTimers,
  withoutTime,
} from '../support/crowded-reads.ts'
import { askedOf, batch, itemOf, success } from '../support/dynamodb-replies.ts'
import { type Call, passEverything, type ScriptedDynamoDB } from '../support/scripted-dynamodb.ts'
import { startProxiedService } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'

const MAX_WAIT_MS = 2

let dynamodb: ScriptedDynamoDB
let service: TestService
let close: () => Promise<void>

beforeAll(async () => {
  ;({ dynamodb, service, close } = await startProxiedService())
  await service.write('user', { one: { f: 1 }, two: { f: 2 } })
})

beforeEach(() => {
  dynamodb.use(passEverything)
})

afterAll(async () => {
  await close()
})

function whole(call: Call) {
  const { table, categories } = askedOf(call)
  return call.operation === 'GetItem' ? success({ Item: itemOf('two') }) : batch(table, categories)
}

test('a client that hangs up while its batch is under way harms no other', async () => {
  await gatherCrowd({ service, dynamodb }, () => 'hold')
  const hangUp = readUntilHangUp(service, 'user', 'one')
  const reading = readAtOnce(service, 'user', ['two', 'one', 'missing'])
  const [held] = await heldBesideCrowd(dynamodb)

  await hangUp()
  await held?.release()

  expect((await reading).map(({ status }) => status)).toEqual([200, 200, 404])
})

test('a call whose clients have all hung up is ended', async () => {
  await gatherCrowd({ service, dynamodb }, () => 'hold')
  const hangUps = ['one', 'two', 'one'].map((category) => readUntilHangUp(service, 'user', category))
  const [held] = await heldBesideCrowd(dynamodb)

  await Promise.all(hangUps.map((hangUp) => hangUp()))

  await held?.givenUp
  expect(callsBesideCrowd(dynamodb)).toHaveLength(1)
})

test('a call goes on as long as one of its clients waits', async () => {
  await gatherCrowd({ service, dynamodb }, () => 'hold')
  const hangUps = ['one', 'two', 'three'].map((category) => readUntilHangUp(service, 'user', category))
  const reading = readAtOnce(service, 'user', ['two'])
  const [held] = await heldBesideCrowd(dynamodb)
  await Promise.all(hangUps.map((hangUp) => hangUp()))

  await held?.release()
  const [reply] = await reading

  expect(reply).toMatchObject({ status: 200, json: { features: { data: { f: 2 } } } })
})

test('what a client that hung up before was waiting for is not asked for', async () => {
  await gatherCrowd({ service, dynamodb })
  const timers = stopTimers()
  const hangUp = readUntilHangUp(service, 'user', 'one')
  const reading = readAtOnce(service, 'user', ['two'])
  await withoutTime()

  await hangUp()
  await withoutTime()
  timers.pass(MAX_WAIT_MS)
  const [reply] = await reading

  expect(reply?.status).toBe(200)
  expect(callsBesideCrowd(dynamodb).flatMap(keysOf)).toEqual(['user/two'])
})

test('when all that waited have hung up, nothing is sent', async () => {
  await gatherCrowd({ service, dynamodb })
  const timers = stopTimers()
  const hangUps = ['one', 'two'].map((category) => readUntilHangUp(service, 'user', category))
  await withoutTime()

  await Promise.all(hangUps.map((hangUp) => hangUp()))
  await withoutTime()
  timers.pass(MAX_WAIT_MS)
  await withoutTime()

  expect(callsBesideCrowd(dynamodb)).toEqual([])
})

test('a read that comes when all that waited have hung up is answered as ever', async () => {
  await gatherCrowd({ service, dynamodb })
  const timers = stopTimers()
  const hangUp = readUntilHangUp(service, 'user', 'one')
  await withoutTime()
  await hangUp()
  await withoutTime()

  const reading = readAtOnce(service, 'user', ['two', 'one'])
  await withoutTime()
  timers.pass(MAX_WAIT_MS)
  const replies = await reading

  expect(replies.map(({ status }) => status)).toEqual([200, 200])
})

test('a client that hangs up between two rounds of unprocessed keys harms no other', async () => {
  await gatherCrowd({ service, dynamodb }, (call) => {
    const { table, categories } = askedOf(call)
    return categories.length === 3 ? batch(table, ['three'], ['one', 'two']) : 'hold'
  })
  const hangUp = readUntilHangUp(service, 'user', 'one')
  const reading = readAtOnce(service, 'user', ['two', 'three'])
  const [held] = await heldBesideCrowd(dynamodb)

  await hangUp()
  await held?.release()

  expect((await reading).map(({ status }) => status)).toEqual([200, 200])
})

test('a hundred clients that hang up leave room for those that come after', async () => {
  await gatherCrowd({ service, dynamodb }, () => 'hang')
  const hangUps = Array.from({ length: 100 }, (_, index) => readUntilHangUp(service, 'user', `gone-${index}`))
  await expect.poll(() => callsBesideCrowd(dynamodb).flatMap(keysOf).length).toBe(100)

  await Promise.all(hangUps.map((hangUp) => hangUp()))
  await expect.poll(() => dynamodb.inFlight('GetItem') + dynamodb.inFlight('BatchGetItem')).toBe(CROWD_SIZE)
  dynamodb.use(whole)
  const replies = await readAtOnce(service, 'user', ['one', 'two'])

  expect(replies.map(({ status }) => status)).toEqual([200, 200])
})
