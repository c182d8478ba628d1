import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ProblemCode } from '../../src/errors.ts'
import { entitiesOf, type Reply, readMany, type ShownEntity, writeMany } from '../support/entity-calls.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { type FaultRates, randomFaults } from '../support/random-faults.ts'
import { passEverything, type Script, type ScriptedDynamoDB } from '../support/scripted-dynamodb.ts'
import { startProxiedService, waitBeforeRetries } from '../support/scripted-service.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

const IDENTIFIERS = Array.from({ length: 100 }, (_, index) => `user-${index}`)
const CATEGORIES = Array.from({ length: 10 }, (_, index) => `cat-${index}`)
const MAPPING = Object.fromEntries(CATEGORIES.map((category) => [category, ['at', 'never stored']]))
const ROUNDS = 8

/** What befalls the calls of a round, from one in which little happens to one in which much does. */
const TROUBLES: [string, (much: number) => FaultRates][] = [
  ['unprocessed keys and throttles', (much) => ({ partialBatch: 0.5 * (1 - much), throttle: 0.6 * much })],
  [
    'everything that can happen',
    (much) => ({
      partialBatch: 0.3,
      delay: 0.1,
      throttle: 0.1 * much,
      error: 0.1 * much,
      reset: 0.1 * much,
      halfReply: 0.05 * much,
      noAnswer: 0.05 * much,
    }),
  ],
]

let dynamodb: ScriptedDynamoDB
let observer: TestService
let service: TestService
let close: () => Promise<void>

beforeAll(async () => {
  ;({ dynamodb, service: observer, close } = await startProxiedService())
  const reply = await writeMany(observer, Object.fromEntries(IDENTIFIERS.map((id) => [id, storedOf(id)])))
  expect(reply.status).toBe(200)
})

// A service for each test, as retries are paid for from a budget of the whole process.
beforeEach(async () => {
  dynamodb.use(passEverything)
  service = await startService()
  return () => service.close()
})

afterAll(async () => {
  await close()
})

function startService(): Promise<TestService> {
  return startTestService({
    endpoint: dynamodb.url,
    createTables: false,
    tableNames: observer.tableNames,
    attemptTimeoutMs: 1000,
  })
}

function isStored(identifier: string, category: string): boolean {
  return (IDENTIFIERS.indexOf(identifier) + CATEGORIES.indexOf(category)) % 2 === 0
}

/** Half of the categories, each with a value that no other has. */
function storedOf(identifier: string) {
  const stored = CATEGORIES.filter((category) => isStored(identifier, category))
  return Object.fromEntries(stored.map((category) => [category, { at: `${identifier}/${category}`, more: 1 }]))
}

/** What a true answer shows of each entity: every pair, either with its own value or as missing. */
function truth(identifier: string) {
  const stored = Object.keys(storedOf(identifier))
  return {
    identifier,
    values: Object.fromEntries(stored.map((category) => [category, { at: `${identifier}/${category}` }])),
    missing_categories: CATEGORIES.filter((category) => !stored.includes(category)),
    missing_features: Object.fromEntries(stored.map((category) => [category, ['never stored']])),
  }
}

function shownOf({ identifier, items, missing_categories, missing_features }: ShownEntity) {
  const values = Object.entries(items).map(([category, { features }]) => [category, features.data])
  return { identifier, values: Object.fromEntries(values), missing_categories, missing_features }
}

/** Holds an answer against the truth; an error must be one that the store is to blame for. Tells whether it was complete. */
function expectTruth(reply: Reply): boolean {
  if (reply.status !== 200) {
    expect([503, 504]).toContain(reply.status)
    expectProblem(reply, reply.status, (reply.json as { code: ProblemCode }).code)
    return false
  }
  expect(entitiesOf(reply).map(shownOf)).toEqual(IDENTIFIERS.map(truth))
  return true
}

async function readInTrouble(script: Script): Promise<boolean> {
  dynamodb.use(script)
  return expectTruth(await readMany(service, IDENTIFIERS, MAPPING))
}

test.for([0.5, 1])('1,000 pairs are complete whatever DynamoDB leaves unprocessed of %d of the calls', async (partialBatch) => {
  waitBeforeRetries('never')
  const complete: boolean[] = []

  for (let seed = 1; seed <= 3; seed += 1) complete.push(await readInTrouble(randomFaults({ seed, rates: { partialBatch } })))

  expect(complete).toEqual([true, true, true])
})

test.for(TROUBLES)('1,000 pairs are complete and true, or a true error, under %s at random', async ([, ratesOf]) => {
  waitBeforeRetries('never')
  const complete: boolean[] = []

  for (let seed = 0; seed < ROUNDS; seed += 1) {
    complete.push(await readInTrouble(randomFaults({ seed, rates: ratesOf(seed / ROUNDS) })))
    // The next round begins with a full budget.
    await service.close()
    service = await startService()
  }

  // Both happen, or the rounds prove nothing.
  expect(new Set(complete)).toEqual(new Set([true, false]))
})

test.for(['throttle', 'error', 'reset', 'noAnswer'] as const)(
  'one of the ten batches that ends in %s fails the whole',
  async (kind) => {
    waitBeforeRetries('never')
    const faults = randomFaults({ seed: 1, rates: { [kind]: 1 } })

    const complete = await readInTrouble((call) => (JSON.stringify(call.body).includes('"user-42"') ? faults(call) : 'pass'))

    expect(complete).toBe(false)
  },
)

test('when the trouble is over, the same read is complete', async () => {
  waitBeforeRetries('never')
  await readInTrouble(randomFaults({ seed: 9, rates: { throttle: 0.9 } }))

  expect(await readInTrouble(passEverything)).toBe(true)
})
