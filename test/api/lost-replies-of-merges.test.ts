import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { patchItem } from '../support/item-changes.ts'
import { LOST, loseFirstReplies } from '../support/lost-replies.ts'
import { passEverything } from '../support/scripted-dynamodb.ts'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'
import type { TestService } from '../support/test-service.ts'

type Read = { features: { data: object; metadata: { created_at: string; updated_at: string } } }

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

async function read(): Promise<Read['features']> {
  return ((await fleet.observer.read(identifier, 'cat')).json as Read).features
}

test.for(LOST)('a merge that was applied and whose first reply %s is 200 when it is tried again', async ([_, lost]) => {
  await service.write(identifier, { cat: { kept: 1, changed: 1, removed: 1 } })
  const before = await read()
  fleet.dynamodb.use(loseFirstReplies(lost))

  const reply = await patchItem(service, identifier, 'cat', { changed: 2, added: 2, removed: null })

  const merged = { status: 'merged', feature_count: 2, removed_count: 1 }
  expect(reply).toMatchObject({ status: 200, json: { results: { cat: merged } } })
  const { data, metadata } = await read()
  expect(data).toEqual({ kept: 1, changed: 2, added: 2 })
  expect(metadata.created_at).toBe(before.metadata.created_at)
  expect(metadata.updated_at > before.metadata.updated_at).toBe(true)
})

test.for(LOST.slice(0, 1))('a merge that created the category and whose replies %s is 200, and there once', async ([_, lost]) => {
  fleet.dynamodb.use(loseFirstReplies(lost, 2))

  const reply = await patchItem(service, identifier, 'cat', { added: 2, removed: null })

  expect(reply.status).toBe(200)
  expect((await read()).data).toEqual({ added: 2 })
})

test('a first merge whose reply is lost keeps the created_at that may have been seen', async () => {
  let updates = 0
  fleet.dynamodb.use(({ operation }) => {
    if (operation !== 'UpdateItem') return 'pass'
    updates += 1
    // The first finds nothing to merge into, the second creates it.
    return updates === 1 ? 'pass' : updates === 2 ? 'apply, then reset' : 'hold'
  })
  const answered = patchItem(service, identifier, 'cat', { f: 1 })
  const [retry] = await fleet.dynamodb.holding()
  const seen = await read()
  fleet.dynamodb.use(passEverything)

  await retry?.release()

  expect((await answered).status).toBe(200)
  const { data, metadata } = await read()
  expect(data).toEqual({ f: 1 })
  expect(metadata.created_at).toBe(seen.metadata.created_at)
})
