import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { deleteItem, patchItem } from '../support/item-changes.ts'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'
import type { TestService } from '../support/test-service.ts'

type Data = Record<string, number>

const ROUNDS = Array.from({ length: 8 }, (_, round) => round)

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

function at(round: number): TestService {
  return services[round % services.length] as TestService
}

function patch(round: number) {
  return patchItem(at(round), identifier, 'cat', { [`patch${round}`]: round })
}

/** The category's features, undefined when it is missing. */
async function dataNow(): Promise<Data | undefined> {
  const reply = await fleet.observer.read(identifier, 'cat')
  return reply.status === 404 ? undefined : (reply.json as { features: { data: Data } }).features.data
}

/** What of a category's features is not of the patches. */
function withoutPatches(data: Data = {}): Data {
  return Object.fromEntries(Object.entries(data).filter(([name, value]) => name !== `patch${value}`))
}

const BEFORE: [string, boolean][] = [
  ['exists', true],
  ['does not exist', false],
]

test.for(BEFORE)('patches against whole writes of a category that %s leave one whole write and patches', async ([_, exists]) => {
  if (exists) await at(0).write(identifier, { cat: { writer: -1, again: -1 } })

  const replies = await Promise.all([
    ...ROUNDS.map((writer) => at(writer).write(identifier, { cat: { writer, again: writer } })),
    ...ROUNDS.map(patch),
  ])

  expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200))
  const { writer = -1, ...rest } = withoutPatches(await dataNow())
  expect(ROUNDS).toContain(writer)
  expect(rest).toEqual({ again: writer })
})

test('a whole write and a patch that race to create a category never lose the write', async () => {
  for (const round of ROUNDS) {
    identifier = randomUUID()

    const replies = await Promise.all([at(round).write(identifier, { cat: { writer: 1 } }), patch(round + 1)])

    expect(replies.map(({ status }) => status)).toEqual([200, 200])
    expect(withoutPatches(await dataNow())).toEqual({ writer: 1 })
  }
})

test('patches against deletes: what is left was patched in, and each delete counts a life of its own', async () => {
  await at(0).write(identifier, { cat: { before: -1 } })

  const [deletes, patches] = await Promise.all([
    Promise.all(ROUNDS.map((round) => deleteItem(at(round), identifier, 'cat'))),
    Promise.all(ROUNDS.map(patch)),
  ])

  expect([...deletes, ...patches].map(({ status }) => status)).toEqual([...ROUNDS, ...ROUNDS].map(() => 200))
  const left = await dataNow()
  expect(withoutPatches(left)).toEqual({})
  const counted = deletes.reduce((sum, { json }) => sum + (json as { deleted: number }).deleted, 0)
  expect(counted).toBeGreaterThanOrEqual(1)
  expect(counted + Number(left !== undefined)).toBeLessThanOrEqual(ROUNDS.length + 1)
})

test('patches that begin when all deletes are answered are all there', async () => {
  await at(0).write(identifier, { cat: { before: -1 } })
  await Promise.all([...ROUNDS.map((round) => deleteItem(at(round), identifier, 'cat')), ...ROUNDS.map(patch)])

  await deleteItem(at(0), identifier, 'cat')
  await Promise.all(ROUNDS.map(patch))

  expect(await dataNow()).toEqual(Object.fromEntries(ROUNDS.map((round) => [`patch${round}`, round])))
})
