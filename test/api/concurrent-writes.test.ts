import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'

type Read = { features: { data: { writer: number }; metadata: { created_at: string; updated_at: string } } }

const WRITERS = Array.from({ length: 20 }, (_, writer) => writer)
const STANDING_STILL = new Date('2025-10-07T07:46:26.943Z')

const CLOCKS: [string, () => Date][] = [
  ['running', () => new Date()],
  ['standing still', () => STANDING_STILL],
]

let fleet: ServiceFleet

beforeAll(async () => {
  fleet = await startFleet()
})

afterAll(async () => {
  await fleet.close()
})

async function read(identifier: string): Promise<Read['features']> {
  return ((await fleet.observer.read(identifier, 'cat')).json as Read).features
}

/** Reads again and again until the work is over. */
async function readDuring(identifier: string, work: Promise<unknown>): Promise<Read['features'][]> {
  const seen: Read['features'][] = []
  let isOver = false
  void work.finally(() => {
    isOver = true
  })
  while (!isOver) seen.push(await read(identifier))
  return seen
}

function isSorted(texts: readonly string[]): boolean {
  return texts.every((text, index) => index === 0 || text >= (texts[index - 1] ?? ''))
}

test.for(CLOCKS)('writers of one category at once are all told 200, on clocks %s', async ([name, now]) => {
  const services = await Promise.all([fleet.start({ now }), fleet.start({ now })])
  await services[0]?.write(name, { cat: { writer: -1 } })

  const writing = Promise.all(
    WRITERS.map((writer) => services[writer % services.length]?.write(name, { cat: { writer, again: { writer } } })),
  )
  const seen = await readDuring(name, writing)

  const statuses = (await writing).map((reply) => reply?.status)
  expect(statuses).toEqual(WRITERS.map(() => 200))
  const { data, metadata } = await read(name)
  expect(WRITERS).toContain(data.writer)
  expect(data).toEqual({ writer: data.writer, again: { writer: data.writer } })
  expect(isSorted([...seen.map((features) => features.metadata.updated_at), metadata.updated_at])).toBe(true)
  expect(new Set([...seen, { metadata }].map((features) => features.metadata.created_at)).size).toBe(1)
})

test('a category sent by many at once and not stored before has one created_at for all who read it', async () => {
  const service = await fleet.start()

  const created = await Promise.all(
    WRITERS.map(async (writer) => {
      await service.write('not-stored', { cat: { writer } })
      return (await read('not-stored')).metadata.created_at
    }),
  )

  expect(new Set(created).size).toBe(1)
})

test('of writes one after the other, each is what is read then', async () => {
  const service = await fleet.start({ now: () => STANDING_STILL })

  for (const writer of WRITERS) {
    await service.write('in-turn', { cat: { writer } })

    expect((await read('in-turn')).data).toEqual({ writer })
  }
})
