import { beforeEach, expect, test } from 'vitest'
import type { ProblemCode } from '../../src/errors.ts'
import { categoryOf, itemTooLarge, refusal, throttling } from '../support/dynamodb-replies.ts'
import { writeMany } from '../support/entity-calls.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { type Call, passEverything, type ScriptedDynamoDB, type ScriptedReply } from '../support/scripted-dynamodb.ts'
import { startProxiedService, waitBeforeRetries } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'

const REPLACED = { status: 'replaced', feature_count: 1 }

/** What befalls a category, by its entity and its name; any other is passed on. */
const FATES: Record<string, ScriptedReply> = {
  'u1/throttled': throttling,
  'u2/hung': 'hang',
  'u2/too-large': itemTooLarge,
  'u3/broken': refusal('InternalServerError', 'Internal server error', 500),
  'u3/denied': refusal('AccessDeniedException'),
  'u3/not-valid': refusal('ValidationException', 'One or more parameter values were not valid'),
  // Of the same name in u2, it is fine.
  'u1/same': throttling,
}

type Result = { status: string; code: ProblemCode }
const RESULTS: Record<string, Result> = {
  'u1/throttled': { status: 'failed', code: 'STORE_THROTTLED' },
  'u2/hung': { status: 'unknown', code: 'DEADLINE_EXCEEDED' },
  'u2/too-large': { status: 'failed', code: 'ITEM_TOO_LARGE' },
  'u3/broken': { status: 'unknown', code: 'STORE_UNAVAILABLE' },
  'u3/denied': { status: 'failed', code: 'STORE_UNAVAILABLE' },
  'u3/not-valid': { status: 'failed', code: 'INTERNAL' },
  'u1/same': { status: 'failed', code: 'STORE_THROTTLED' },
}

const WRITES: { body: Record<string, string[]>; status: number; code: ProblemCode }[] = [
  {
    body: { u1: ['fine', 'throttled'], u2: ['hung', 'too-large'], u3: ['fine', 'not-valid'] },
    status: 504,
    code: 'DEADLINE_EXCEEDED',
  },
  { body: { u1: ['throttled'], u2: ['fine', 'too-large'], u3: ['not-valid'] }, status: 503, code: 'STORE_THROTTLED' },
  { body: { u1: ['fine'], u2: ['too-large'], u3: ['broken'] }, status: 503, code: 'STORE_UNAVAILABLE' },
  { body: { u2: ['too-large'], u3: ['denied', 'fine'] }, status: 503, code: 'STORE_UNAVAILABLE' },
  { body: { u1: ['fine'], u2: ['too-large'], u3: ['not-valid'] }, status: 413, code: 'ITEM_TOO_LARGE' },
  { body: { u1: ['fine'], u3: ['not-valid'] }, status: 500, code: 'INTERNAL' },
  { body: { u1: ['same'], u2: ['same'], u3: ['same'] }, status: 503, code: 'STORE_THROTTLED' },
]

let dynamodb: ScriptedDynamoDB
let service: TestService

// A service for each test, as retries are paid for from a budget of the whole process.
beforeEach(async () => {
  const proxied = await startProxiedService({ app: { requestTimeoutMs: 1000 } })
  ;({ dynamodb, service } = proxied)
  return proxied.close
})

function befall(call: Call): ScriptedReply {
  return FATES[`${call.body.Key?.bright_uid?.S}/${categoryOf(call)}`] ?? 'pass'
}

/** A body, or what stands in its place for each category, by `identifier/category`. */
function eachOf<Value>(body: Record<string, string[]>, valueAt: (at: string) => Value) {
  const entities = Object.entries(body).map(([identifier, names]) => [
    identifier,
    Object.fromEntries(names.map((name) => [name, valueAt(`${identifier}/${name}`)])),
  ])
  return Object.fromEntries(entities) as Record<string, Record<string, Value>>
}

test.for(WRITES)(
  'a write of $body is $status, and each result is told by entity and category',
  async ({ body, status, code }) => {
    waitBeforeRetries('never')
    dynamodb.use(befall)

    const reply = await writeMany(
      service,
      eachOf(body, (at) => ({ at })),
    )

    const { results, detail } = expectProblem(reply, status, code)
    expect(results).toEqual(eachOf(body, (at) => RESULTS[at] ?? REPLACED))
    expect(detail).toMatch(/same request again is safe/)
    dynamodb.use(passEverything)
    for (const [identifier, names] of Object.entries(body)) {
      for (const name of names) {
        const at = `${identifier}/${name}`
        const stored = (await service.stored(identifier, name))?.features?.M?.data
        expect(stored).toEqual(RESULTS[at] ? undefined : { M: { at: { S: at } } })
      }
    }
  },
)

test('sending a partly failed write again completes it', async () => {
  waitBeforeRetries('never')
  dynamodb.use(befall)
  const body = { u1: { fine: { f: 1 }, throttled: { f: 2 } }, u2: { 'too-large': { f: 3 } } }
  await writeMany(service, body)
  dynamodb.use(passEverything)

  const reply = await writeMany(service, body)

  expect(reply.status).toBe(200)
  expect((await service.read('u1', 'throttled')).json).toHaveProperty('features.data', { f: 2 })
  expect((await service.read('u2', 'too-large')).json).toHaveProperty('features.data', { f: 3 })
})

test('the detail counts what was replaced, what may have been and what was not, over all entities', async () => {
  waitBeforeRetries('never')
  dynamodb.use(befall)

  const reply = await writeMany(service, { u1: { fine: {}, throttled: {} }, u2: { hung: {}, fine: {} }, u3: { fine: {} } })

  expect(expectProblem(reply, 504, 'DEADLINE_EXCEEDED').detail).toMatch(
    /3 replaced, 1 may or may not have been applied, 1 not written/,
  )
})

test('what waited its turn until the deadline was never sent: failed, not unknown', async () => {
  dynamodb.use(() => 'hang')
  const body = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`u${index}`, ['a', 'b']]))

  const reply = await writeMany(
    service,
    eachOf(body, () => ({ f: 1 })),
  )

  const { results } = expectProblem(reply, 504, 'DEADLINE_EXCEEDED')
  const sent = new Set(dynamodb.calls().map((call) => `${call.body.Key?.bright_uid?.S}/${categoryOf(call)}`))
  expect(sent.size).toBe(32)
  expect(results).toEqual(eachOf(body, (at) => ({ status: sent.has(at) ? 'unknown' : 'failed', code: 'DEADLINE_EXCEEDED' })))
})

test.for([
  ['null', { status: 200, text: 'null' }],
  ['an empty body', { status: 200, text: '' }],
  ['somebody else’s JSON', { status: 200, text: '{"message":"welcome"}' }],
] as const)('UpdateItems answered with %s may have been applied, and are never ok', async ([_, noAnswer]) => {
  dynamodb.use(() => noAnswer)

  const reply = await writeMany(service, { u1: { cat: {} }, u2: { cat: {} } })

  const unknown = { cat: { status: 'unknown', code: 'STORE_UNAVAILABLE' } }
  expect(expectProblem(reply, 503, 'STORE_UNAVAILABLE').results).toEqual({ u1: unknown, u2: unknown })
})
