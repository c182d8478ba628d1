import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { callsBesideCrowd, gatherCrowd, heldBesideCrowd, keysOf, readAtOnce, readUntilHangUp } from '../support/crowded-reads.ts'
import { askedOf, batch } from '../support/dynamodb-replies.ts'
import { passEverything, type ScriptedDynamoDB } from '../support/scripted-dynamodb.ts'
import { startProxiedService, waitBeforeRetries } from '../support/scripted-service.ts'
import type { TestService } from '../support/test-service.ts'

type Mapping = { items: Record<string, { features: { data: object } }>; missing_categories: string[]; missing_features: object }

let dynamodb: ScriptedDynamoDB
let service: TestService
let close: () => Promise<void>

beforeAll(async () => {
  ;({ dynamodb, service, close } = await startProxiedService({ app: { requestTimeoutMs: 1000 } }))
  await service.write('user', { one: { f: 1, g: 1 }, two: { f: 2, g: 2 }, three: { f: 3, g: 3 } })
})

beforeEach(() => {
  dynamodb.use(passEverything)
})

afterAll(async () => {
  await close()
})

/** What a read of several categories says: the data of each that is there, and what is missing. */
function said({ json }: { json: unknown }) {
  const { items, missing_categories, missing_features } = json as Mapping
  const data = Object.fromEntries(Object.entries(items).map(([category, { features }]) => [category, features.data]))
  return { data, missing_categories, missing_features }
}

test('reads of several categories beside reads of one are each answered with what they asked for, in whatever calls', async () => {
  await gatherCrowd({ service, dynamodb })

  const [first, second, singles] = await Promise.all([
    service.filter('user', { one: ['f'], two: [], missing: [] }),
    service.filter('user', { two: ['g', 'h'], one: ['g'] }),
    readAtOnce(service, 'user', ['one', 'missing', 'three']),
  ])

  expect(said(first)).toEqual({
    data: { one: { f: 1 }, two: { f: 2, g: 2 } },
    missing_categories: ['missing'],
    missing_features: {},
  })
  expect(said(second)).toEqual({
    data: { two: { g: 2 }, one: { g: 1 } },
    missing_categories: [],
    missing_features: { two: ['h'] },
  })
  expect(singles.map(({ status }) => status)).toEqual([200, 404, 200])
})

test('no call asks for more than 100 keys, or for one twice, whatever is read at once', async () => {
  await gatherCrowd({ service, dynamodb })
  const sizes = [1, 5, 20, 21, 60, 99, 100, 101, 250]

  const replies = await Promise.all(
    sizes.map((size) =>
      service.filter('user', Object.fromEntries(Array.from({ length: size }, (_, index) => [`${size % 2}-${index}`, []]))),
    ),
  )

  const asked = callsBesideCrowd(dynamodb).map(keysOf)
  expect(replies.map(({ status }) => status)).toEqual(sizes.map(() => 404))
  expect(asked.filter((keys) => keys.length > 100 || new Set(keys).size < keys.length)).toEqual([])
})

test('a read of two categories of which one is unprocessed waits for both, and says nothing of neither', async () => {
  await gatherCrowd({ service, dynamodb }, (call) => {
    if (keysOf(call).length < 3) return 'hold'
    return { answers: (category) => category !== 'two' }
  })
  const reading = service.filter('user', { one: [], two: [] })
  const singles = readAtOnce(service, 'user', ['three'])

  const [three] = await singles
  const [held] = await heldBesideCrowd(dynamodb)
  await held?.release()

  expect(three?.status).toBe(200)
  expect(said(await reading)).toMatchObject({ data: { one: { f: 1 }, two: { f: 2 } }, missing_categories: [] })
})

test('a client that hangs up harms no reader of several, and one of several harms nobody', async () => {
  await gatherCrowd({ service, dynamodb }, (call) => {
    if (keysOf(call).length < 3) return 'hold'
    const { table, categories } = askedOf(call)
    return batch(table, [], categories)
  })
  waitBeforeRetries('never')
  const hangUp = readUntilHangUp(service, 'user', 'one')
  const reading = service.filter('user', { two: [], three: [] })
  await expect.poll(() => callsBesideCrowd(dynamodb).length).toBeGreaterThan(1)

  await hangUp()
  dynamodb.use(passEverything)

  expect(said(await reading)).toMatchObject({ data: { two: { f: 2 }, three: { f: 3 } }, missing_categories: [] })
})

test.for(['named', 'whole'])(
  'one who names features and one who reads the same category whole share a read, the %s one first, and are answered each',
  async (first) => {
    await gatherCrowd({ service, dynamodb })
    const read = {
      named: () => service.filter('user', { one: ['g', 'h'] }),
      whole: () => service.filter('user', { one: [] }),
    }
    const asks = [read.named, read.whole, read.named]

    const replies = await Promise.all((first === 'named' ? asks : asks.slice(1)).map((ask) => ask()))
    const [whole, named] = replies.map(said).slice(-2)

    expect(whole).toEqual({ data: { one: { f: 1, g: 1 } }, missing_categories: [], missing_features: {} })
    expect(named).toEqual({ data: { one: { g: 1 } }, missing_categories: [], missing_features: { one: ['h'] } })
  },
)
