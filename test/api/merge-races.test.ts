import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { deleteItem, patchItem, writeWith } from '../support/item-changes.ts'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'
import type { TestService } from '../support/test-service.ts'

type Data = Record<string, number>
type Read = { features: { data: Data; metadata: { created_at: string; updated_at: string } } }

const PATCHES = Array.from({ length: 50 }, (_, index) => index)
const FEW = PATCHES.slice(0, 8)
const ALL = Object.fromEntries(PATCHES.map((index) => [`feature${index}`, index]))
const STANDING_STILL = new Date('2099-10-07T07:46:26.943Z')

let fleet: ServiceFleet
let services: TestService[]
let identifier: string

beforeAll(async () => {
  fleet = await startFleet()
  services = await Promise.all([fleet.start(), fleet.start()])
})

beforeEach(() => {
  identifier = randomUUID()
})

afterAll(async () => {
  await fleet.close()
})

async function read(): Promise<Read['features']> {
  return ((await fleet.observer.read(identifier, 'cat')).json as Read).features
}

const BEFORE: [string, Data | undefined][] = [
  ['exists', { before: -1 }],
  ['does not exist', undefined],
]

const CASES = BEFORE.flatMap(([what, before]) => [1, 2].map((services) => ({ what, before, services })))

/** Two more services, by a clock of their own. */
function startBoth(now: () => Date): Promise<TestService[]> {
  return Promise.all([fleet.start({ now }), fleet.start({ now })])
}

function at(services: readonly TestService[], index: number): TestService {
  return services[index % services.length] as TestService
}

test.for(CASES)(
  '50 patches of different features on one category that $what lose none, through $services services',
  async ({ before, services: count }) => {
    const some = services.slice(0, count)
    if (before) await at(some, 0).write(identifier, { cat: before })

    const replies = await Promise.all(
      PATCHES.map((index) => patchItem(at(some, index), identifier, 'cat', { [`feature${index}`]: index })),
    )

    expect(replies.map(({ status }) => status)).toEqual(PATCHES.map(() => 200))
    expect((await read()).data).toEqual({ ...before, ...ALL })
  },
)

test('patches that race to create anew what was deleted lose none, and nothing of the old is seen', async () => {
  await at(services, 0).write(identifier, { cat: { old: -1 } })
  await deleteItem(at(services, 0), identifier, 'cat')

  const replies = await Promise.all(
    FEW.map((index) => patchItem(at(services, index), identifier, 'cat', { [`feature${index}`]: index })),
  )

  expect(replies.map(({ status }) => status)).toEqual(FEW.map(() => 200))
  expect((await read()).data).toEqual(Object.fromEntries(FEW.map((index) => [`feature${index}`, index])))
})

test('patches that race on a clock that stands still lose none', async () => {
  const services = await startBoth(() => STANDING_STILL)

  const replies = await Promise.all(
    FEW.map((index) => patchItem(at(services, index), identifier, 'cat', { [`feature${index}`]: index })),
  )

  expect(replies.map(({ status }) => status)).toEqual(FEW.map(() => 200))
  expect((await read()).data).toEqual(Object.fromEntries(FEW.map((index) => [`feature${index}`, index])))
})

test('patches that race to create a category agree on when it was created, and what each was told stays', async () => {
  const seen = await Promise.all(
    FEW.map(async (index) => {
      await patchItem(at(services, index), identifier, 'cat', { [`feature${index}`]: index })
      return read()
    }),
  )

  expect(seen.map(({ data }, index) => data[`feature${index}`])).toEqual(FEW)
  const { metadata } = await read()
  expect(new Set([...seen.map((features) => features.metadata.created_at), metadata.created_at]).size).toBe(1)
})

test('patches that race to create anew what has expired lose none, and nothing of the old is seen', async () => {
  let nowMs = Date.now()
  const services = await startBoth(() => new Date(nowMs))
  await writeWith(at(services, 0), identifier, { cat: { old: -1 } }, { query: { ttl: '60' } })
  nowMs += 60_000

  const replies = await Promise.all(
    FEW.map((index) => patchItem(at(services, index), identifier, 'cat', { [`feature${index}`]: index })),
  )

  expect(replies.map(({ status }) => status)).toEqual(FEW.map(() => 200))
  const { data, metadata } = await read()
  expect(data).toEqual(Object.fromEntries(FEW.map((index) => [`feature${index}`, index])))
  expect(Date.parse(metadata.created_at)).toBeGreaterThanOrEqual(nowMs)
})

test('patches that add and remove one feature leave it as one of them had it', async () => {
  await at(services, 0).write(identifier, { cat: { before: -1 } })

  const replies = await Promise.all(
    FEW.map((index) => patchItem(at(services, index), identifier, 'cat', { one: index % 2 === 0 ? index : null })),
  )

  expect(replies.map(({ status }) => status)).toEqual(FEW.map(() => 200))
  const { before, one } = (await read()).data
  expect(before).toBe(-1)
  expect([undefined, ...FEW.filter((index) => index % 2 === 0)]).toContain(one)
})

test('updated_at never goes back while patches race', async () => {
  await at(services, 0).write(identifier, { cat: { before: -1 } })

  const seen: string[] = []
  const patching = Promise.all(FEW.map((index) => patchItem(at(services, index), identifier, 'cat', { [`f${index}`]: index })))
  let isOver = false
  void patching.finally(() => {
    isOver = true
  })
  while (!isOver) seen.push((await read()).metadata.updated_at)
  seen.push((await read()).metadata.updated_at)

  expect(seen).toEqual(seen.toSorted())
})
