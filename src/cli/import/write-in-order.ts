import { keyText } from '../../dynamodb/calls/call-context.ts'
import type { ItemKey } from '../../features/feature-record.ts'
import type { Pace } from '../bulk/pace.ts'
import type { ImportRow, ReadRow, RowPlace } from './import-row.ts'
import { excerptOf } from './rejects.ts'
import { createOrder } from './settle-in-order.ts'

/** What became of a row: written; kept out by a later event time, or as it had expired; or refused, and why. */
export type Outcome = { kind: 'written' | 'stale' | 'expired' } | { kind: 'rejected'; fault: string }

/** A row that is settled: where it stood, and of what was no row as much text as is told of it, of others the key. */
export type SettledRow = RowPlace & ({ text: string | undefined } | { key: ItemKey })

export type WriteInOrderOptions = {
  rows: AsyncIterable<readonly ReadRow[]>
  write: (row: ImportRow) => Promise<Outcome>
  pace: Pace
  /** Told of each row in the file's order, once all before it are settled. */
  onSettled: (row: SettledRow, outcome: Outcome) => void
  /** Whether no further row is to be begun. */
  isOver: () => boolean
}

/**
 * Writes rows side by side, as many as the pace allows, those of one category of one entity one after the other in their order:
 * the last one is to stay.
 * @throws what reading, `write` or `onSettled` threw first; nothing more is begun then, and what was under way has ended.
 */
export async function writeInOrder({ rows, write, pace, onSettled, isOver }: WriteInOrderOptions): Promise<void> {
  const order = createOrder(onSettled)
  const lastOfKey = new Map<string, Promise<void>>()
  const failures: unknown[] = []
  let underWay = 0
  let wake = () => {}

  const isStopping = () => failures.length > 0 || isOver()
  // A row that failed is never settled, so that waiting for room behind it would have no end.
  const mayGoOn = () => (underWay < pace.limit() && order.hasRoom()) || isStopping()

  async function until(isReady: () => boolean): Promise<void> {
    while (!isReady()) {
      const { promise, resolve } = Promise.withResolvers<void>()
      wake = resolve
      await promise
    }
  }

  async function perform(row: ImportRow, settle: (outcome: Outcome) => void, before: Promise<void> | undefined): Promise<void> {
    try {
      await before
      if (!isStopping()) settle(await write(row))
    } catch (error) {
      failures.push(error)
    }
    underWay -= 1
    wake()
  }

  function begin(row: ImportRow, settle: (outcome: Outcome) => void): void {
    underWay += 1
    const key = keyText(row)
    const writing = perform(row, settle, lastOfKey.get(key))
    lastOfKey.set(key, writing)
    void writing.then(() => {
      if (lastOfKey.get(key) === writing) lastOfKey.delete(key)
    })
  }

  async function take(read: ReadRow): Promise<void> {
    if (!mayGoOn()) await until(mayGoOn)
    if (isStopping()) return
    const settle = order.add(settledRow(read))
    if ('row' in read) begin(read.row, settle)
    else settle({ kind: 'rejected', fault: read.fault })
  }

  try {
    for await (const batch of rows) {
      for (const read of batch) await take(read)
      if (isStopping()) break
    }
  } catch (error) {
    failures.push(error)
  }
  await until(() => underWay === 0)
  if (failures.length > 0) throw failures[0]
}

/** Thousands may wait for one that takes long: without their features. */
function settledRow(read: ReadRow): SettledRow {
  const { firstLine = read.line, line, end } = read
  if (!('row' in read)) return { firstLine, line, end, text: excerptOf(read.text) }
  const { identifier, category } = read.row
  return { firstLine, line, end, key: { identifier, category } }
}
