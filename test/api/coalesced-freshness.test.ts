import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  EVERY_KIND,
  gatherCrowd,
  heldBesideCrowd,
  keysOf,
  readAtOnce,
  stopTimers,
  withoutTime,
} from '../support/crowded-reads.ts'
import { deleteItem, patchItem } from '../support/item-changes.ts'
import { passEverything, type Script } from '../support/scripted-dynamodb.ts'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'
import type { TestService } from '../support/test-service.ts'

const CATEGORIES = ['one', 'two', 'three']

let fleet: ServiceFleet
let service: TestService
let identifier: string

beforeAll(async () => {
  fleet = await startFleet()
  service = await fleet.start()
})

beforeEach(() => {
  identifier = randomUUID()
  fleet.dynamodb.use(passEverything)
})

afterAll(async () => {
  await fleet.close()
})

/** Holds the first call that asks for anything of the entity; those after it pass. */
function holdFirstRead(): Script {
  let reads = 0
  return (call) => {
    if (!keysOf(call).some((key) => key.startsWith(identifier)) || call.operation === 'UpdateItem') return 'pass'
    reads += 1
    return reads === 1 ? 'hold' : 'pass'
  }
}

function dataIn(replies: readonly { status: number; json: unknown }[]): unknown[] {
  return replies.map(({ status, json }) =>
    status === 404 ? undefined : (json as { features?: { data: unknown } }).features?.data,
  )
}

test.for(EVERY_KIND)(
  'a read that begins after a write is acknowledged sees it, while a batch with its key is under way ($tableType, consistent: $consistent)',
  async (kind) => {
    const { dynamodb } = fleet
    await service.write(identifier, { one: { v: 'old' }, two: { v: 'old' } }, kind.tableType)
    await gatherCrowd({ service, dynamodb }, holdFirstRead(), kind)
    const early = readAtOnce(service, identifier, CATEGORIES, kind)
    const [held] = await heldBesideCrowd(dynamodb)

    const write = await service.write(identifier, { one: { v: 'new' }, three: { v: 'new' } }, kind.tableType)
    const late = await readAtOnce(service, identifier, CATEGORIES, kind)
    await held?.release()

    expect(write.status).toBe(200)
    expect(held?.call.operation).toBe('BatchGetItem')
    expect(dataIn(late)).toEqual([{ v: 'new' }, { v: 'old' }, { v: 'new' }])
    expect((await early).map(({ status }) => status)).toEqual([200, 200, 200])
  },
)

test('the same where what is under way is a lone read of the key', async () => {
  const { dynamodb } = fleet
  await service.write(identifier, { one: { v: 'old' } })
  dynamodb.use(holdFirstRead())
  const early = readAtOnce(service, identifier, ['one'])
  const [held] = await heldBesideCrowd(dynamodb)

  await service.write(identifier, { one: { v: 'new' } })
  const late = await readAtOnce(service, identifier, ['one', 'one', 'one', 'one', 'one', 'one'])
  await held?.release()

  expect(held?.call.operation).toBe('GetItem')
  expect(dataIn(late)).toEqual(Array(6).fill({ v: 'new' }))
  expect((await early).map(({ status }) => status)).toEqual([200])
})

test('a delete and a patch that are acknowledged are seen, while a batch with their keys is under way', async () => {
  const { dynamodb } = fleet
  await service.write(identifier, { one: { v: 'old' }, two: { v: 'old' } })
  await gatherCrowd({ service, dynamodb }, holdFirstRead())
  const early = readAtOnce(service, identifier, CATEGORIES)
  const [held] = await heldBesideCrowd(dynamodb)

  await deleteItem(service, identifier, 'one')
  await patchItem(service, identifier, 'two', { patched: true })
  const late = await readAtOnce(service, identifier, CATEGORIES)
  await held?.release()
  await early

  expect(dataIn(late)).toEqual([undefined, { v: 'old', patched: true }, undefined])
})

test('a read that waits to be sent sees a write that is acknowledged meanwhile, and so does one that joins it', async () => {
  const { dynamodb } = fleet
  await service.write(identifier, { one: { v: 'old' } })
  await gatherCrowd({ service, dynamodb })
  const timers = stopTimers()
  const early = readAtOnce(service, identifier, ['one'])
  await withoutTime()

  await service.write(identifier, { one: { v: 'new' } })
  const late = readAtOnce(service, identifier, ['one'])
  await withoutTime()
  timers.pass(5)

  expect(dataIn([...(await early), ...(await late)])).toEqual([{ v: 'new' }, { v: 'new' }])
})

test('a read of a key that a batch in flight left unprocessed sees what was acknowledged before it', async () => {
  const { dynamodb } = fleet
  await service.write(identifier, { one: { v: 'old' }, two: { v: 'old' } })
  let batches = 0
  await gatherCrowd({ service, dynamodb }, (call) => {
    if (call.operation !== 'BatchGetItem') return 'pass'
    batches += 1
    if (batches === 1) return { answers: (category) => category === 'two' }
    return batches === 2 ? 'hold' : 'pass'
  })
  const early = readAtOnce(service, identifier, ['one', 'two'])
  const [held] = await heldBesideCrowd(dynamodb)

  await service.write(identifier, { one: { v: 'new' } })
  const late = await readAtOnce(service, identifier, ['one'])
  await held?.release()

  expect(dataIn(late)).toEqual([{ v: 'new' }])
  expect(dataIn(await early)).toEqual([{ v: 'new' }, { v: 'old' }])
})
