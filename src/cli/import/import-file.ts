import { formatCount } from '../bulk/format.ts'
import type { Pace } from '../bulk/pace.ts'
import { showProgress } from '../bulk/progress-line.ts'
import { createRate } from '../bulk/rate.ts'
import { type Checkpoint, writeCheckpoint } from './checkpoint.ts'
import type { Counts } from './counts.ts'
import { type ImportRow, type RowSource, START } from './import-row.ts'
import type { Rejects } from './rejects.ts'
import { type Outcome, type SettledRow, writeInOrder } from './write-in-order.ts'

export type ImportFileOptions = {
  source: RowSource
  /** Where to go on; undefined: at the beginning. */
  checkpoint: Checkpoint | undefined
  /** What the import is about, and where its checkpoint is kept; undefined: none is, as nothing is written. */
  keep: { of: string; path: string } | undefined
  /** What became of the rows, those of earlier runs included; counted on. */
  counts: Counts
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
 * Imports one file, from its checkpoint on.
 * @throws what reading or writing threw; the checkpoint then says how far the file has come, as it does after a kill, but for a
 * second.
 */
export async function importFile(options: ImportFileOptions): Promise<void> {
  const { source, keep, counts, rejects, write, pace, isOver } = options
  let position = options.checkpoint?.position ?? START
  let isWhole = false

  function onSettled(row: SettledRow, outcome: Outcome): void {
    // First, as it may throw: what is not in its file is not counted either.
    if (outcome.kind === 'rejected') {
      rejects.add(row.firstLine ?? row.line, outcome.fault, 'key' in row ? JSON.stringify(row.key) : row.text)
    }
    position = { offset: row.end, line: row.line }
    counts.rows += 1
    counts[outcome.kind] += 1
  }

  function save(done = false): void {
    if (keep) writeCheckpoint(keep.path, { of: keep.of, position, counts, rejectsBytes: rejects.bytes(), done })
  }

  const rate = createRate(() => counts.rows)
  const endProgress = showProgress({
    stream: options.progressStream,
    // Behind the last row there may be empty lines.
    fraction: () => (isWhole ? 1 : position.offset / Math.max(1, source.size)),
    describe: () =>
      `${formatCount(counts.rows)} rows | ${formatCount(rate())}/s | ${options.describeStore()} | ` +
      `${formatCount(counts.rejected)} rejected`,
  })
  let saveFailure: unknown
  const timer = setInterval(() => {
    try {
      save()
    } catch (error) {
      saveFailure ??= error
    }
  }, CHECKPOINT_INTERVAL_MS)
  let failure: unknown
  try {
    const isEnding = () => saveFailure !== undefined || isOver()
    // Where none can be kept, no row is written either.
    save()
    await writeInOrder({ rows: source.read(position), write, pace, onSettled, isOver: isEnding })
    if (saveFailure !== undefined) throw saveFailure
    isWhole = !isOver()
  } catch (error) {
    failure = error
  }
  clearInterval(timer)
  endProgress()
  try {
    rejects.close()
    save(isWhole)
  } catch (error) {
    // What came first is the reason.
    failure ??= error
  }
  if (failure !== undefined) throw failure
}
