import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { categoryOf, throttling } from '../support/dynamodb-replies.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { passEverything, type Script, type ScriptedDynamoDB } from '../support/scripted-dynamodb.ts'
import { startProxiedService, waitBeforeRetries } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'
import { writeEntitiesWith, writeWith } from '../support/timed-writes.ts'

const EVENT = '2025-10-07T07:00:00.000Z'

let dynamodb: ScriptedDynamoDB
let service: TestService
let close: () => Promise<void>

beforeAll(async () => {
  ;({ dynamodb, service, close } = await startProxiedService())
})

beforeEach(() => {
  dynamodb.use(passEverything)
  waitBeforeRetries('never')
})

afterAll(async () => {
  await close()
})

/** Throttles one category for good. */
const throttleCategory =
  (category: string): Script =>
  (call) =>
    categoryOf(call) === category ? throttling : 'pass'

test('a stale category beside one that was throttled is 503, and each has its own fate', async () => {
  await writeWith(service, 'one', { stale: { f: 1 } }, { event_time: EVENT })
  dynamodb.use(throttleCategory('throttled'))

  const reply = await writeWith(service, 'one', { stale: {}, throttled: {}, good: {} }, { event_time: 1 })

  expect(expectProblem(reply, 503, 'STORE_THROTTLED').results).toEqual({
    stale: { status: 'failed', code: 'STALE_WRITE', stored_event_time: EVENT },
    throttled: { status: 'failed', code: 'STORE_THROTTLED' },
    good: { status: 'replaced', feature_count: 0 },
  })
})

test('a stale category of one entity beside a throttled one of another is 503, and each has its own fate', async () => {
  await writeWith(service, 'two', { cat: { f: 1 } }, { event_time: EVENT })
  dynamodb.use(throttleCategory('throttled'))

  const reply = await writeEntitiesWith(service, { two: { cat: {} }, other: { throttled: {}, cat: {} } }, { event_time: 1 })

  expect(expectProblem(reply, 503, 'STORE_THROTTLED').results).toEqual({
    two: { cat: { status: 'failed', code: 'STALE_WRITE', stored_event_time: EVENT } },
    other: { throttled: { status: 'failed', code: 'STORE_THROTTLED' }, cat: { status: 'replaced', feature_count: 0 } },
  })
})
