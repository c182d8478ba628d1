import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createPace } from '../../src/cli/bulk/pace.ts'
import type { ReadRow } from '../../src/cli/import/import-row.ts'
import { type Outcome, type SettledRow, writeInOrder } from '../../src/cli/import/write-in-order.ts'
import { batchesOf, readRow } from '../support/bulk-rows.ts'

const WRITTEN: Outcome = { kind: 'written' }
const badRow = (line: number, text: string): ReadRow => ({ line, end: line, fault: 'is no row', text })

type Play = {
  rows: AsyncIterable<readonly ReadRow[]>
  write?: (identifier: string) => Promise<Outcome>
  onSettled?: (row: SettledRow, outcome: Outcome) => void
  isOver?: () => boolean
}

function play({ rows, write = async () => WRITTEN, onSettled = () => {}, isOver = () => false }: Play) {
  return writeInOrder({ rows, write: ({ identifier }) => write(identifier), pace: createPace(8), onSettled, isOver })
}

test('a failure behind which no more can be kept waiting is told of, and not waited behind', async () => {
  const rows = [readRow(1, 'u1'), ...Array.from({ length: 6000 }, (_, index) => badRow(index + 2, 'x'))]
  const fail = async () => {
    await nextTurn()
    throw new Error('the store is gone')
  }

  await expect(play({ rows: batchesOf(rows, 500), write: fail })).rejects.toThrow('the store is gone')
})

test('who wants to end need not wait for a row that never comes to an end, but for those under way', async () => {
  let isOver = false
  const rows = [readRow(1, 'u1'), ...Array.from({ length: 6000 }, (_, index) => badRow(index + 2, 'x'))]
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const settled: number[] = []
  const playing = play({
    rows: batchesOf(rows, 500),
    write: () => promise,
    onSettled: ({ line }) => settled.push(line),
    isOver: () => isOver,
  })
  for (let turn = 0; turn < 50; turn += 1) await nextTurn()
  isOver = true
  resolve(WRITTEN)
  await playing

  // Those behind it were settled already.
  expect(settled).toEqual(Array.from({ length: settled.length }, (_, index) => index + 1))
  expect(settled.length).toBeLessThan(6001)
})

test('a file that cannot be read to its end is told of once the rows under way have ended', async () => {
  const ended: string[] = []
  async function* rows() {
    yield [readRow(1, 'u1'), readRow(2, 'u2')]
    throw new Error('the disk is gone')
  }

  const playing = play({
    rows: rows(),
    write: async (identifier) => {
      for (let turn = 0; turn < 5; turn += 1) await nextTurn()
      ended.push(identifier)
      return WRITTEN
    },
  })

  await expect(playing).rejects.toThrow('the disk is gone')
  expect(ended).toEqual(['u1', 'u2'])
})

test('where a reject cannot be kept, nothing behind it counts as settled', async () => {
  const settled: number[] = []
  const rows = [readRow(1, 'u1'), badRow(2, 'x'), readRow(3, 'u3'), badRow(4, 'y'), readRow(5, 'u5')]

  const playing = play({
    rows: batchesOf(rows, 5),
    onSettled({ line }, { kind }) {
      if (kind === 'rejected') throw new Error('no room on the disk')
      settled.push(line)
    },
  })

  await expect(playing).rejects.toThrow('no room on the disk')
  expect(settled).toEqual([1])
})

test('rows that wait for one before them are kept without their features, and bad ones without the rest of a long text', async () => {
  const seen: SettledRow[] = []
  const rows = [readRow(1, 'u1'), badRow(2, 'é'.repeat(1_000_000))]

  await play({ rows: batchesOf(rows, 2), onSettled: (row) => seen.push(row) })

  expect(seen).toEqual([
    { firstLine: 1, line: 1, end: 1, key: { identifier: 'u1', category: 'c' } },
    { firstLine: 2, line: 2, end: 2, text: 'é'.repeat(4096) },
  ])
})
