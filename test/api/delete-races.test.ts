import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { deleteEntity, deleteItem } from '../support/item-changes.ts'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'
import type { TestService } from '../support/test-service.ts'

type Item = { features: { data: { writer: number; again: object } } }

const ROUNDS = Array.from({ length: 8 }, (_, round) => round)
const STANDING_STILL = new Date('2025-10-07T07:46:26.943Z')

const CLOCKS: [string, () => Date][] = [
  ['running', () => new Date()],
  ['standing still', () => STANDING_STILL],
]

let fleet: ServiceFleet
let identifier: string

beforeAll(async () => {
  fleet = await startFleet()
})

beforeEach(() => {
  identifier = randomUUID()
})

afterAll(async () => {
  await fleet.close()
})

function dataOf(writer: number) {
  return { writer, again: { writer } }
}

function deletedIn(replies: readonly { json: unknown }[]): number {
  return replies.reduce((sum, { json }) => sum + (json as { deleted: number }).deleted, 0)
}

/** Whether the category is there; if so, as one of the writers wrote it. */
async function isWhole(by: TestService): Promise<boolean> {
  const reply = await by.read(identifier, 'cat')
  if (reply.status === 404) return false
  const { data } = (reply.json as Item).features
  expect(data).toEqual(dataOf(data.writer))
  return true
}

test('of many deletes of one category at once, one has deleted it', async () => {
  const services = await Promise.all([fleet.start(), fleet.start()])
  await services[0]?.write(identifier, { cat: { f: 1 } })

  const replies = await Promise.all(
    ROUNDS.map((round) => {
      const service = services[round % 2] as TestService
      return round % 3 === 0 ? deleteEntity(service, identifier) : deleteItem(service, identifier, 'cat')
    }),
  )

  expect(replies.map(({ status }) => status)).toEqual(ROUNDS.map(() => 200))
  expect(deletedIn(replies)).toBe(1)
  expect(await isWhole(fleet.observer)).toBe(false)
})

test.for(CLOCKS)(
  'deletes against writes: each counts a life of its own, and what is left is whole or missing, on clocks %s',
  async ([_, now]) => {
    const services = await Promise.all([fleet.start({ now }), fleet.start({ now })])
    const by = (round: number) => services[round % 2] as TestService

    const [writes, deletes, seen] = await Promise.all([
      Promise.all(ROUNDS.map((writer) => by(writer).write(identifier, { cat: dataOf(writer) }))),
      Promise.all(ROUNDS.map((round) => deleteItem(by(round + 1), identifier, 'cat'))),
      Promise.all(ROUNDS.map(() => isWhole(fleet.observer))),
    ])

    expect([...writes, ...deletes].map(({ status }) => status)).toEqual([...ROUNDS, ...ROUNDS].map(() => 200))
    expect(seen).toHaveLength(ROUNDS.length)
    const lives = deletedIn(deletes) + Number(await isWhole(fleet.observer))
    expect(lives).toBeGreaterThanOrEqual(1)
    expect(lives).toBeLessThanOrEqual(ROUNDS.length)
    const last = await deleteItem(by(0), identifier, 'cat')
    expect(await isWhole(fleet.observer)).toBe(false)
    expect(deletedIn([last])).toBe(lives - deletedIn(deletes))
  },
)

test('a delete of an entity against writes leaves nothing that was there before it', async () => {
  const service = await fleet.start()
  const names = Array.from({ length: 30 }, (_, index) => `cat${index}`)
  const rewritten = names.filter((_, index) => index % 2 === 0)
  await service.write(identifier, Object.fromEntries(names.map((name) => [name, { written: 'before' }])))

  const [deleted, ...writes] = await Promise.all([
    deleteEntity(service, identifier),
    ...rewritten.map((name) => service.write(identifier, { [name]: { written: 'meanwhile' } })),
  ])

  expect([deleted, ...writes].map(({ status }) => status)).toEqual([deleted, ...writes].map(() => 200))
  expect(deletedIn([deleted])).toBe(names.length)
  const { items = {} } = (await service.filter(identifier, Object.fromEntries(names.map((name) => [name, []])))).json as {
    items?: Record<string, { features: { data: object } }>
  }
  expect(rewritten).toEqual(expect.arrayContaining(Object.keys(items)))
  expect(Object.values(items).map(({ features }) => features.data)).toEqual(
    Object.keys(items).map(() => ({ written: 'meanwhile' })),
  )
})

test('a write that is acknowledged after a delete was acknowledged stays, whatever else goes on', async () => {
  const service = await fleet.start()

  const found = await Promise.all(
    ROUNDS.map(async (round) => {
      const category = `cat${round}`
      await service.write(identifier, { [category]: { round: 'before' } })
      await deleteItem(service, identifier, category)
      await service.write(identifier, { [category]: { round } })
      return (await service.read(identifier, category)).json
    }),
  )

  expect(found).toMatchObject(ROUNDS.map((round) => ({ features: { data: { round } } })))
})
