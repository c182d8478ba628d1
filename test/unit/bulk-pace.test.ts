import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createPace } from '../../src/cli/bulk/pace.ts'
import type { ImportRow } from '../../src/cli/import/import-row.ts'
import { writeInOrder } from '../../src/cli/import/write-in-order.ts'
import { batchesOf, readRow } from '../support/bulk-rows.ts'

test('throttling takes a third of what may be under way, once for all calls that it meets together', () => {
  let nowMs = 0
  const pace = createPace(64, () => nowMs)
  const limits: number[] = []
  for (let crowd = 0; crowd < 4; crowd += 1) {
    for (let call = 0; call < 20; call += 1) pace.giveWay()
    limits.push(pace.limit())
    nowMs += 300
  }

  expect(limits).toEqual([44, 31, 21, 15])
})

test('it never comes below one, and grows by one with each round of successes, up to where it was', () => {
  let nowMs = 0
  const pace = createPace(8, () => nowMs)
  for (let crowd = 0; crowd < 50; crowd += 1) {
    nowMs += 300
    pace.giveWay()
  }
  expect(pace.limit()).toBe(1)

  const successesAt: number[] = []
  for (let successes = 1; successes <= 100; successes += 1) {
    const before = pace.limit()
    pace.goOn()
    if (pace.limit() > before) successesAt.push(successes)
  }
  expect(pace.limit()).toBe(8)
  // Some 1 + 2 + ... + 7 successes in all, each step longer than the one before.
  expect(successesAt).toHaveLength(7)
  expect(successesAt.at(-1)).toBeGreaterThan(24)
  expect(successesAt.at(-1)).toBeLessThan(45)
})

test('no more rows are under way than the pace allows, also when it falls', async () => {
  let limit = 10
  let underWay = 0
  const peaks = { before: 0, longAfter: 0 }
  const settled: number[] = []

  await writeInOrder({
    rows: batchesOf(
      Array.from({ length: 300 }, (_, index) => readRow(index + 1, `u${index}`)),
      7,
    ),
    pace: { limit: () => limit, goOn() {}, giveWay() {} },
    write: async ({ identifier }) => {
      underWay += 1
      if (limit === 10) peaks.before = Math.max(peaks.before, underWay)
      else if (Number(identifier.slice(1)) > 150) peaks.longAfter = Math.max(peaks.longAfter, underWay)
      await nextTurn()
      underWay -= 1
      return { kind: 'written' }
    },
    onSettled: ({ line }) => {
      settled.push(line)
      if (line === 100) limit = 3
    },
    isOver: () => false,
  })

  expect(settled).toEqual(Array.from({ length: 300 }, (_, index) => index + 1))
  expect(peaks).toEqual({ before: 10, longAfter: 3 })
})

test('rows of one key are written in their order, and all are told of in the file’s, whatever each takes', async () => {
  const written: string[] = []
  const settled: number[] = []
  const rows = Array.from({ length: 200 }, (_, index) => readRow(index + 1, `u${index % 5}`))

  await writeInOrder({
    rows: batchesOf(rows, 50),
    pace: createPace(16),
    write: async ({ identifier, features }: ImportRow) => {
      const line = Number(/\d+/.exec(features.members.get('n') ?? '')?.[0])
      for (let turns = (line * 7) % 11; turns > 0; turns -= 1) await nextTurn()
      written.push(`${identifier} ${line}`)
      return { kind: 'written' }
    },
    onSettled: ({ line }) => settled.push(line),
    isOver: () => false,
  })

  for (const identifier of ['u0', 'u1', 'u2', 'u3', 'u4']) {
    const lines = written.filter((each) => each.startsWith(`${identifier} `)).map((each) => Number(each.split(' ')[1]))
    expect(lines).toEqual(lines.toSorted((a, b) => a - b))
    expect(lines).toHaveLength(40)
  }
  expect(settled).toEqual(rows.map(({ line }) => line))
})

test('after a failure nothing more is begun, what was under way ends, and no row behind a gap counts as settled', async () => {
  const settled: number[] = []
  let begun = 0
  const writing = writeInOrder({
    rows: batchesOf(
      Array.from({ length: 1000 }, (_, index) => readRow(index + 1, `u${index}`)),
      100,
    ),
    pace: createPace(4),
    write: async ({ identifier }) => {
      begun += 1
      await nextTurn()
      if (identifier === 'u9') throw new Error('the store is gone')
      return { kind: 'written' }
    },
    onSettled: ({ line }) => settled.push(line),
    isOver: () => false,
  })

  await expect(writing).rejects.toThrow('the store is gone')
  expect(settled).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(begun).toBeLessThan(20)
})
