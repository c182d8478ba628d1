import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { askedOf, categoryOf, NO_ANSWERS, refusal, throttling } from '../support/dynamodb-replies.ts'
import { passEverything, type ScriptedDynamoDB, type ScriptedReply } from '../support/scripted-dynamodb.ts'
import { startProxiedService } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'

const ATTEMPT_TIMEOUT_MS = 150

let dynamodb: ScriptedDynamoDB
let service: TestService
let close: () => Promise<void>

beforeAll(async () => {
  const options = { attemptTimeoutMs: ATTEMPT_TIMEOUT_MS, app: { requestTimeoutMs: 1000 } }
  ;({ dynamodb, service, close } = await startProxiedService(options))
})

afterAll(async () => {
  await close()
})

beforeEach(() => {
  for (const attempt of dynamodb.held()) attempt.drop()
  dynamodb.use(passEverything)
})

/** What is stored, past every fault. */
async function storedValue(identifier: string, category = 'cat'): Promise<string | undefined> {
  dynamodb.use(passEverything)
  const item = await service.stored(identifier, category)
  return item?.features?.M?.data?.M?.value?.N
}

test.for<[string, ScriptedReply]>([
  ['hang', 'hang'],
  ['reset', 'reset'],
  ['hold', 'hold'],
  ['a refusal', throttling],
  ['an answer that is none', { status: 200, text: 'null' }],
])('after %s nothing is stored', async ([name, reply]) => {
  dynamodb.use(() => reply)

  const { status } = await service.write(name, { cat: { value: 1 } })
  await dynamodb.quiet()

  expect(status).toBeGreaterThanOrEqual(503)
  expect(await storedValue(name)).toBeUndefined()
})

test.for<[string, ScriptedReply]>([
  ['apply, then reset', 'apply, then reset'],
  ['apply, then hang', 'apply, then hang'],
  ['applied and answered with an error', { applyThen: refusal('InternalServerError', 'broken', 500) }],
  ['applied and answered with nothing', { applyThen: { status: 200, text: '' } }],
])('after %s the write is stored, though its client is not told', async ([name, reply]) => {
  dynamodb.use(() => reply)

  const { status } = await service.write(name, { cat: { value: 1 } })
  await dynamodb.quiet()

  expect(status).toBeGreaterThanOrEqual(503)
  expect(await storedValue(name)).toBe('1')
})

test('what is delayed is answered later, by the store', async () => {
  await service.write('delayed', { cat: { value: 1 } })
  dynamodb.use(() => ({ afterMs: 20, reply: 'pass' }))
  const startedMs = performance.now()

  const { json } = await service.read('delayed', 'cat')

  expect(json).toHaveProperty('features.data', { value: 1 })
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(19)
})

test('what is delayed past its client still reaches the store', async () => {
  dynamodb.use(() => ({ afterMs: 1500, reply: 'pass' }))

  const { status } = await service.write('delayed-long', { cat: { value: 1 } })

  expect(status).toBeGreaterThanOrEqual(503)
  expect(await storedValue('delayed-long')).toBeUndefined()
  await dynamodb.quiet()
  expect(await storedValue('delayed-long')).toBe('1')
})

test('a held attempt reaches the store when it is released, long after its client has gone', async () => {
  dynamodb.use(({ attempt }) => (attempt === 1 ? 'hold' : throttling))
  const answered = service.write('held', { cat: { value: 1 } })
  const [held] = await dynamodb.holding()
  await held?.givenUp
  expect((await answered).status).toBe(503)
  expect(await storedValue('held')).toBeUndefined()

  const reply = await held?.release()

  expect(reply?.status).toBe(200)
  expect(await storedValue('held')).toBe('1')
  expect(dynamodb.held()).toEqual([])
})

test('a held attempt that is released while its client waits answers it', async () => {
  dynamodb.use(() => 'hold')
  const answered = service.write('held-briefly', { cat: { value: 1 } })
  const [held] = await dynamodb.holding()

  await held?.release()

  expect((await answered).status).toBe(200)
})

test('a held attempt that is dropped never reaches the store', async () => {
  dynamodb.use(() => 'hold')
  await service.write('dropped', { cat: { value: 1 } })

  for (const attempt of dynamodb.held()) attempt.drop()

  expect(dynamodb.held()).toEqual([])
  await dynamodb.quiet()
  expect(await storedValue('dropped')).toBeUndefined()
})

test('the chosen keys of a batch are answered truly, the others come back unprocessed', async () => {
  await service.write('batch', { a: { value: 1 }, b: { value: 2 }, c: { value: 3 } })
  dynamodb.use((call) => ({ answers: (category) => category === 'b' || call.number > 1 }))

  const { json } = await service.filter('batch', { a: [], b: [], c: [], d: [] })

  expect(json).toMatchObject({
    items: { a: { features: { data: { value: 1 } } }, b: {}, c: {} },
    missing_categories: ['d'],
  })
  expect(dynamodb.calls().map((call) => askedOf(call).categories)).toEqual([
    ['a', 'b', 'c', 'd'],
    ['a', 'c', 'd'],
  ])
})

test('a key that is chosen at random is answered or unprocessed, never neither', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `cat${index}`)
  await service.write('batch-random', Object.fromEntries(names.map((name) => [name, { value: 1 }])))
  dynamodb.use((call) => ({ answers: () => call.number > 3 || Math.random() < 0.5 }))

  const { json } = await service.filter('batch-random', Object.fromEntries(names.map((name) => [name, []])))

  expect(json).toHaveProperty('missing_categories', [])
})

test('a batch of which no key is chosen is answered with all of them unprocessed', async () => {
  await service.write('batch-none', { a: { value: 1 } })
  dynamodb.use((call) => ({ answers: () => call.number > 1 }))

  const { json } = await service.filter('batch-none', { a: [] })

  expect(json).toHaveProperty('items.a.features.data', { value: 1 })
  expect(dynamodb.calls().map((call) => askedOf(call).categories)).toEqual([['a'], ['a']])
})

test.for([...NO_ANSWERS.map(({ text }) => text), '{}'])('a reply of %j is no answer to a batch', async (text) => {
  await service.write('no-answer', { cat: { value: 1 } })
  dynamodb.use(() => ({ status: 200, text }))

  const { status } = await service.filter('no-answer', { cat: [] })

  expect(status).toBe(503)
})

test('a script of its own befalls each category', async () => {
  dynamodb.use((call) => (categoryOf(call) === 'bad' ? 'apply, then reset' : 'pass'))

  const { json } = await service.write('mixed', { good: { value: 1 }, bad: { value: 2 } })

  expect(json).toMatchObject({ results: { good: { status: 'replaced' }, bad: { status: 'unknown' } } })
  expect([await storedValue('mixed', 'good'), await storedValue('mixed', 'bad')]).toEqual(['1', '2'])
})
