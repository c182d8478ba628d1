import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { throttling } from '../support/dynamodb-replies.ts'
import { expectProblem } from '../support/expect-problem.ts'
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

async function read(): Promise<Read> {
  return (await fleet.observer.read(identifier, 'cat')).json as Read
}

test.for(LOST)('a write that was applied and whose first reply %s is 200 when it is tried again', async ([_, lost]) => {
  await service.write(identifier, { cat: { value: 'before' } })
  const before = await read()
  fleet.dynamodb.use(loseFirstReplies(lost))

  const reply = await service.write(identifier, { cat: { value: 'kept' } })

  expect(reply).toMatchObject({ status: 200, json: { results: { cat: { status: 'replaced' } } } })
  const { data, metadata } = (await read()).features
  expect(data).toEqual({ value: 'kept' })
  expect(metadata.created_at).toBe(before.features.metadata.created_at)
  expect(metadata.updated_at > before.features.metadata.updated_at).toBe(true)
})

test.for(LOST)('a first write whose first reply %s keeps the created_at that may have been seen', async ([_, lost]) => {
  fleet.dynamodb.use(({ operation, number }) => {
    if (operation !== 'UpdateItem') return 'pass'
    return number === 1 ? lost : 'hold'
  })
  const answered = service.write(identifier, { cat: { value: 'kept' } })
  const [retry] = await fleet.dynamodb.holding()
  const seen = await read()
  fleet.dynamodb.use(passEverything)

  await retry?.release()

  expect((await answered).status).toBe(200)
  const { data, metadata } = (await read()).features
  expect(data).toEqual({ value: 'kept' })
  expect(metadata.created_at).toBe(seen.features.metadata.created_at)
})

test('a write that may have been applied, and is then refused to the end, is unknown and not failed', async () => {
  const bodies = new Set<string>()
  fleet.dynamodb.use((call) => {
    if (call.operation !== 'UpdateItem') return 'pass'
    bodies.add(JSON.stringify(call.body))
    // Its second attempt loses to its own first one; what it makes of that is refused.
    if (bodies.size > 1) return throttling
    return call.attempt === 1 ? 'apply, then reset' : 'pass'
  })

  const reply = await service.write(identifier, { cat: { value: 'in doubt' } })

  const { results } = expectProblem(reply, 503, 'STORE_THROTTLED')
  expect(results).toEqual({ cat: { status: 'unknown', code: 'STORE_THROTTLED' } })
  expect((await read()).features.data).toEqual({ value: 'in doubt' })
})
