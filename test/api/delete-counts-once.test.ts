import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { deleteEntity, deleteItem } from '../support/item-changes.ts'
import { type Call, passEverything, type ScriptedReply } from '../support/scripted-dynamodb.ts'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'

const STANDING_STILL = new Date('2099-10-07T07:46:26.943Z')

let fleet: ServiceFleet

beforeAll(async () => {
  fleet = await startFleet()
})

beforeEach(() => {
  fleet.dynamodb.use(passEverything)
})

afterAll(async () => {
  await fleet.close()
})

test('of two services that delete a category in the same millisecond, one has deleted it', async () => {
  const services = await Promise.all([1, 2].map(() => fleet.start({ now: () => STANDING_STILL })))
  const sums: number[] = []

  for (const identifier of ['a', 'b', 'c', 'd', 'e', 'f']) {
    await fleet.observer.put({ bright_uid: { S: identifier }, category: { S: 'cat' }, features: { M: { data: { M: {} } } } })
    const replies = await Promise.all(services.map((service) => deleteItem(service, identifier, 'cat')))
    sums.push(replies.reduce((sum, { json }) => sum + (json as { deleted: number }).deleted, 0))
  }

  expect(sums).toEqual([1, 1, 1, 1, 1, 1])
})

test('one after the other, the first has', async () => {
  const [first, second] = await Promise.all([1, 2].map(() => fleet.start({ now: () => STANDING_STILL })))
  if (!first || !second) throw new Error('no services')
  await fleet.observer.put({ bright_uid: { S: 'turns' }, category: { S: 'cat' }, features: { M: { data: { M: {} } } } })

  const counts = [await deleteItem(first, 'turns', 'cat'), await deleteItem(second, 'turns', 'cat')].map(({ json }) => json)

  expect(counts).toEqual([{ deleted: 1 }, { deleted: 0 }])
})

test.for(['apply, then reset', 'apply, then hang'] as const)(
  'a delete counts what it deleted though every second reply is lost (%s)',
  async (lost) => {
    const service = await fleet.start({ attemptTimeoutMs: 200 })
    await service.write(`owner-${lost}`, { c: { f: 1 }, d: { f: 1 } })
    fleet.dynamodb.use(({ operation, number }: Call): ScriptedReply => {
      return operation === 'UpdateItem' && number % 2 === 0 ? lost : 'pass'
    })

    const reply = await deleteEntity(service, `owner-${lost}`)

    expect(reply).toMatchObject({ status: 200, json: { deleted: 2 } })
  },
)

test('a delete whose reply was lost knows its own tombstone, and writes no second one', async () => {
  const service = await fleet.start()
  await service.write('once', { cat: { f: 1 } })
  fleet.dynamodb.use(({ operation, attempt }: Call): ScriptedReply => {
    return operation === 'UpdateItem' && attempt === 1 ? 'apply, then reset' : 'pass'
  })

  const reply = await deleteItem(service, 'once', 'cat')

  expect(reply.json).toEqual({ deleted: 1 })
  expect(fleet.dynamodb.operations().filter((operation) => operation === 'UpdateItem')).toHaveLength(2)
})

test.for([1, 150])('what other programs put beside the features, %i attributes, goes with them', async (count) => {
  const identifier = `foreign-${count}`
  const foreign = Object.fromEntries(Array.from({ length: count }, (_, index) => [`email ${index}`, { S: 'someone' }]))
  const key = { bright_uid: { S: identifier }, category: { S: 'cat' } }
  await fleet.observer.put({ ...key, ...foreign, features: { M: { data: { M: { f: { N: '1' } } } } } })

  const reply = await deleteItem(fleet.observer, identifier, 'cat')

  const left = Object.keys((await fleet.observer.stored(identifier, 'cat')) ?? {})
  expect(reply).toMatchObject({ status: 200, json: { deleted: 1 } })
  expect(left.sort()).toEqual(['bright_uid', 'buried', 'category', 'deleted', 'expires_at', 'version'])
})
