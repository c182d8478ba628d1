import type { Pace } from '../bulk/pace.ts'
import type { ImportRow, ReadRow } from './import-row.ts'
import { createOrder } from './settle-in-order.ts'

/** What became of a row: written; kept out by a later event time, or as it had expired; or refused, and why. */
export type Outcome = { kind: 'written' | 'stale' | 'expired' } | { kind: 'rejected'; fault: string }

export type WriteInOrderOptions = {
  rows: AsyncIterable<readonly ReadRow[]>
  write: (row: ImportRow) => Promise<Outcome>
  pace: Pace
  /** Told of each row in the file's order, once all before it are settled. */
  onSettled: (read: ReadRow, outcome: Outcome) => void
  /** Whether no further row is to be begun. */
  isOver: () => boolean
}

/**
 * Writes rows side by side, as many as the pace allows, those of one category of one entity one after the other in their order:
 * the last one is to stay.
 * @throws what `write` threw first; nothing more is begun then, and what was under way has ended.
 */
export async function writeInOrder({ rows, write, pace, onSettled, isOver }: WriteInOrderOptions): Promise<void> {
  const order = createOrder(onSettled)
  const lastOfKey = new Map<string, Promise<void>>()
  const failures: unknown[] = []
  let underWay = 0
  let wake = () => {}

  const hasRoom = () => underWay < pace.limit() && order.hasRoom()
  const isStopping = () => failures.length > 0 || isOver()

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
    const key = `${row.identifier.length}:${row.identifier}${row.category}`
    const writing = perform(row, settle, lastOfKey.get(key))
    lastOfKey.set(key, writing)
    void writing.then(() => {
      if (lastOfKey.get(key) === writing) lastOfKey.delete(key)
    })
  }

  async function take(read: ReadRow): Promise<void> {
    if (!hasRoom()) await until(hasRoom)
    if (isStopping()) return
    const settle = order.add(read)
    if ('row' in read) begin(read.row, settle)
    else settle({ kind: 'rejected', fault: read.fault })
  }

  for await (const batch of rows) {
    for (const read of batch) await take(read)
    if (isStopping()) break
  }
  await until(() => underWay === 0)
  if (failures.length > 0) throw failures[0]
}
