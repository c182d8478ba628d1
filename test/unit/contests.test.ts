import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createContests } from '../../src/dynamodb/writes/contests.ts'

type Compete = ReturnType<typeof createContests>

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})

afterEach(() => {
  vi.useRealTimers()
})

/** Writers of one category, who are at work from when they are let go until they are ended. */
function createWriters(compete: Compete) {
  const atWork = new Set<string>()
  const began: string[] = []
  const ends = new Map<string, () => void>()
  const hangUps = new Map<string, AbortController>()

  return {
    atWork: () => [...atWork],
    began,
    async start(name: string, key = 'category'): Promise<void> {
      const hangUp = new AbortController()
      hangUps.set(name, hangUp)
      void compete(key, { signal: hangUp.signal, endsAtMs: Number.POSITIVE_INFINITY }, async () => {
        began.push(name)
        if (hangUp.signal.aborted) return
        atWork.add(name)
        await new Promise<void>((resolve) => ends.set(name, resolve))
        atWork.delete(name)
      })
      await nextTurn()
    },
    async end(name: string): Promise<void> {
      ends.get(name)?.()
      await nextTurn()
    },
    async hangUp(name: string): Promise<void> {
      hangUps.get(name)?.abort()
      await nextTurn()
    },
  }
}

test('writers of one category are at work one after the other, in the order of their coming', async () => {
  const writers = createWriters(createContests())
  for (const name of ['a', 'b', 'c']) await writers.start(name)
  const seen = [writers.atWork()]

  for (const name of ['a', 'b', 'c']) {
    await writers.end(name)
    seen.push(writers.atWork())
  }

  expect(seen).toEqual([['a'], ['b'], ['c'], []])
})

test('writers of other categories do not wait', async () => {
  const writers = createWriters(createContests())

  await writers.start('a', 'one')
  await writers.start('b', 'two')

  expect(writers.atWork()).toEqual(['a', 'b'])
})

test('while one hangs, the next goes after 200 ms', async () => {
  const writers = createWriters(createContests())
  for (const name of ['hanging', 'b', 'c']) await writers.start(name)

  await vi.advanceTimersByTimeAsync(199)
  const before = writers.atWork()
  await vi.advanceTimersByTimeAsync(1)
  await nextTurn()

  expect(before).toEqual(['hanging'])
  expect(writers.atWork()).toEqual(['hanging', 'b'])
})

test('one that had hung and ends at last lets nobody go, as its turn is another’s', async () => {
  const writers = createWriters(createContests())
  for (const name of ['hanging', 'b', 'c', 'd']) await writers.start(name)
  await vi.advanceTimersByTimeAsync(200)
  await nextTurn()

  await writers.end('hanging')
  const meanwhile = writers.atWork()
  await writers.end('b')

  expect(meanwhile).toEqual(['b'])
  expect(writers.atWork()).toEqual(['c'])
})

test('those who hang up while they wait are let go, and nobody else', async () => {
  const writers = createWriters(createContests())
  for (const name of ['a', 'b', 'c', 'd']) await writers.start(name)

  await writers.hangUp('b')
  await writers.hangUp('c')
  const meanwhile = writers.atWork()
  await writers.end('a')

  expect(writers.began).toEqual(['a', 'b', 'c', 'd'])
  expect(meanwhile).toEqual(['a'])
  expect(writers.atWork()).toEqual(['d'])
})

test('one whose time was up before it came does not wait', async () => {
  const compete = createContests()
  const writers = createWriters(compete)
  await writers.start('a')
  const over = { signal: AbortSignal.abort(), endsAtMs: 0 }

  await compete('category', over, async () => {
    writers.began.push('over')
  })

  expect(writers.began).toEqual(['a', 'over'])
  expect(writers.atWork()).toEqual(['a'])
})

test('a writer that fails passes its turn on', async () => {
  const compete = createContests()
  const writers = createWriters(compete)
  const gate = Promise.withResolvers<void>()
  const failing = compete('category', { signal: new AbortController().signal, endsAtMs: 0 }, () => gate.promise)
  await writers.start('next')

  gate.reject(new Error('failed'))

  await expect(failing).rejects.toThrow('failed')
  await nextTurn()
  expect(writers.atWork()).toEqual(['next'])
})
