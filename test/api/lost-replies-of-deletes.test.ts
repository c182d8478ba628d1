import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { deleteEntity, deleteItem, writeWith } from '../support/item-changes.ts'
import { LOST, loseFirstReplies } from '../support/lost-replies.ts'
import { passEverything } from '../support/scripted-dynamodb.ts'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'
import type { TestService } from '../support/test-service.ts'

let fleet: ServiceFleet
let service: TestService
let identifier: string

beforeAll(async () => {
  fleet = await startFleet()
  service = await fleet.start({ attemptTimeoutMs: 200 })
})

beforeEach(() => {
  identifier = randomUUID()
  fleet.dynamodb.use(passEverything)
})

afterAll(async () => {
  await fleet.close()
})

test.for(LOST)('a delete that was applied and whose first reply %s counts what it deleted', async ([_, lost]) => {
  await service.write(identifier, { cat: { f: 1 } })
  fleet.dynamodb.use(loseFirstReplies(lost))

  const reply = await deleteItem(service, identifier, 'cat')

  expect(reply).toMatchObject({ status: 200, json: { deleted: 1 } })
  expect(await fleet.observer.read(identifier, 'cat')).toMatchObject({ status: 404 })
})

test.for(LOST.slice(0, 1))('a delete of nothing whose first reply %s counts nothing', async ([_, lost]) => {
  fleet.dynamodb.use(loseFirstReplies(lost))

  const reply = await deleteItem(service, identifier, 'cat')

  expect(reply).toMatchObject({ status: 200, json: { deleted: 0 } })
})

test.for(LOST.slice(0, 1))('a delete of what was deleted before counts nothing though its first reply %s', async ([_, lost]) => {
  await service.write(identifier, { cat: { f: 1 } })
  await deleteItem(service, identifier, 'cat')
  fleet.dynamodb.use(loseFirstReplies(lost))

  const reply = await deleteItem(service, identifier, 'cat')

  expect(reply).toMatchObject({ status: 200, json: { deleted: 0 } })
})

test.for(LOST.slice(0, 1))('a delete of what had expired counts nothing though its first reply %s', async ([_, lost]) => {
  let nowMs = Date.now()
  const later = await fleet.start({ attemptTimeoutMs: 200, now: () => new Date(nowMs) })
  await writeWith(later, identifier, { cat: { f: 1 } }, { query: { ttl: '60' } })
  nowMs += 60_000
  fleet.dynamodb.use(loseFirstReplies(lost))

  const reply = await deleteItem(later, identifier, 'cat')

  expect(reply).toMatchObject({ status: 200, json: { deleted: 0 } })
})

test.for(LOST.slice(0, 1))(
  'a delete of what another writer left without a created_at counts it though its first reply %s',
  async ([_, lost]) => {
    const metadata = { M: { updated_at: { S: '2025-10-07T07:46:26.943Z' } } }
    const features = { M: { data: { M: { f: { N: '1' } } }, metadata } }
    await fleet.observer.put({ bright_uid: { S: identifier }, category: { S: 'cat' }, features })
    fleet.dynamodb.use(loseFirstReplies(lost))

    const reply = await deleteItem(service, identifier, 'cat')

    expect(reply).toMatchObject({ status: 200, json: { deleted: 1 } })
  },
)

test.for(LOST.slice(0, 1))('a delete of an entity each of whose first replies %s counts every category', async ([_, lost]) => {
  await service.write(identifier, { a: { f: 1 }, b: { f: 2 }, c: { f: 3 } })
  fleet.dynamodb.use(loseFirstReplies(lost))

  const reply = await deleteEntity(service, identifier)

  expect(reply).toMatchObject({ status: 200, json: { deleted: 3 } })
  expect(await fleet.observer.filter(identifier, { a: [], b: [], c: [] })).toMatchObject({ status: 404 })
})
