import { basename } from 'node:path'
import type { Pace } from '../bulk/pace.ts'
import { showProgress } from '../bulk/progress-line.ts'
import { createRate, formatCount } from '../bulk/rate.ts'
import { type Checkpoint, writeCheckpoint } from './checkpoint.ts'
import { noCounts } from './counts.ts'
import { type ImportRow, type ReadRow, type RowSource, START } from './import-row.ts'
import type { Rejects } from './rejects.ts'
import { type Outcome, writeInOrder } from './write-in-order.ts'

export type ImportFileOptions = {
  path: string
  source: RowSource
  /** Where to go on; undefined: at the beginning. */
  checkpoint: Checkpoint | undefined
  /** What the import is about, and where its checkpoint is kept; undefined: none is, as nothing is written. */
  keep: { of: string; path: string } | undefined
  rejects: Rejects
  write: (row: ImportRow) => Promise<Outcome>
  pace: Pace
  isOver: () => boolean
  /** What the progress tells of the store. */
  describeStore: () => string
  progressStream: NodeJS.WriteStream
}

const CHECKPOINT_INTERVAL_MS = 1000

/**
 * Imports one file, from its checkpoint on; returns what became of its rows, those of earlier runs included.
 * @throws what `write` threw; the checkpoint then says how far the file has come, as it does after a kill, but for a second.
 */
export async function importFile(options: ImportFileOptions): Promise<Checkpoint> {
  const { source, keep, rejects, write, pace, isOver } = options
  let position = options.checkpoint?.position ?? START
  const counts = { ...(options.checkpoint?.counts ?? noCounts()) }
  const state = (done: boolean): Checkpoint => ({ of: keep?.of ?? '', position, counts, rejectsBytes: rejects.bytes(), done })

  function onSettled(read: ReadRow, outcome: Outcome): void {
    position = { offset: read.end, line: read.line }
    counts.rows += 1
    counts[outcome.kind] += 1
    if (outcome.kind !== 'rejected') return
    rejects.add(read.line, outcome.fault, 'text' in read ? read.text : keyOf(read.row))
  }

  function save(done: boolean): void {
    if (keep) writeCheckpoint(keep.path, state(done))
  }

  const rate = createRate(() => counts.rows)
  const endProgress = showProgress({
    stream: options.progressStream,
    fraction: () => (source.size === 0 ? 1 : position.offset / source.size),
    describe: () =>
      `${basename(options.path)}: ${formatCount(counts.rows)} rows | ${formatCount(rate())}/s | ` +
      `${options.describeStore()} | ${formatCount(counts.rejected)} rejected`,
  })
  let saveFailure: unknown
  const timer = setInterval(() => {
    try {
      save(false)
    } catch (error) {
      saveFailure ??= error
    }
  }, CHECKPOINT_INTERVAL_MS)
  let isWhole = false
  try {
    const isEnding = () => saveFailure !== undefined || isOver()
    await writeInOrder({ rows: source.read(position), write, pace, onSettled, isOver: isEnding })
    if (saveFailure !== undefined) throw saveFailure
    isWhole = !isOver()
  } finally {
    clearInterval(timer)
    save(isWhole)
    rejects.close()
    endProgress()
  }
  return state(isWhole)
}

/** Of a row that was read, and refused by the store. */
function keyOf({ identifier, category }: ImportRow): string {
  return JSON.stringify({ identifier, category })
}
