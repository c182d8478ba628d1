import type { Environment } from '../../config.ts'
import { createFeatureCrud } from '../../dynamodb/feature-crud.ts'
import { identifyTable } from '../../dynamodb/identify-table.ts'
import { createStoreClock } from '../../dynamodb/store-clock.ts'
import { createAttemptCounts } from '../bulk/attempt-counts.ts'
import { EXIT } from '../bulk/exit-status.ts'
import { FileError } from '../bulk/file-error.ts'
import { formatCount } from '../bulk/format.ts'
import type { Interruption } from '../bulk/interruption.ts'
import { openBulkStore } from '../bulk/open-bulk-store.ts'
import { createPace } from '../bulk/pace.ts'
import { createPatience } from '../bulk/patience.ts'
import { nameImport, removeCheckpoint } from './checkpoint.ts'
import { addCounts, noCounts } from './counts.ts'
import { importFile } from './import-file.ts'
import type { ImportOptions } from './import-options.ts'
import { type FilePlan, findCheckpoints, planImport } from './import-plan.ts'
import type { ImportRow } from './import-row.ts'
import { openRejects } from './rejects.ts'
import { summarize } from './summary.ts'
import type { Outcome } from './write-in-order.ts'
import { createCheckRow, createWriteRow } from './write-row.ts'

// Of one try at a row, with its retries; a store that is busy may be slower than a request would wait.
const ATTEMPT_TIMEOUT_MS = 5000
const WRITE_TIMEOUT_MS = 20_000
const GIVE_UP_AFTER_MS = 60_000

/** Where rows go: what takes them, which table that is, and what ends it. */
type Target = { write: (row: ImportRow) => Promise<Outcome>; table: string; close: () => Promise<void> }

/**
 * Imports files one after the other, and says on standard output what came of it, however it ends; returns the exit status.
 * @throws UsageError, FileError, ConfigError or StoreOpenError where nothing was begun; StoreError when the store is in trouble
 * that is not waited out, or was for too long; the system's error when rejects or checkpoint cannot be written.
 */
export async function importFiles(options: ImportOptions, env: Environment, interruption: Interruption): Promise<number> {
  const { dryRun, tableType } = options
  const plans = await planImport(options)
  const pace = createPace(options.concurrency)
  const attempts = createAttemptCounts(pace.giveWay)
  const startMs = performance.now()
  const target = dryRun ? dryTarget() : await openTarget()

  function dryTarget(): Target {
    return { write: createCheckRow(() => new Date()), table: '', close: async () => {} }
  }

  async function openTarget(): Promise<Target> {
    const { client, tableNames, description, close } = await openBulkStore(env, ATTEMPT_TIMEOUT_MS)
    const tableName = tableNames[tableType]
    console.error(`into ${tableName}, store: ${description}`)
    const now = createStoreClock(client)
    const persist = createPatience({ giveUpAfterMs: GIVE_UP_AFTER_MS, onSetback, isOver: interruption.isAsked })
    const write = createWriteRow({
      crud: createFeatureCrud({ client, tableNames, now, metrics: attempts.metrics }),
      tableType,
      now,
      timeoutMs: WRITE_TIMEOUT_MS,
      persist,
      onAnswered: pace.goOn,
    })
    try {
      return { write, table: await persist(() => identifyTable(client, tableName, tableType)), close }
    } catch (error) {
      await close()
      throw error
    }
  }

  function onSetback(): void {
    attempts.counts.retries += 1
    pace.giveWay()
  }

  function describeStore(): string {
    const ending = interruption.isAsked() ? 'ending | ' : ''
    return ending + (dryRun ? 'dry run' : `${formatCount(attempts.counts.retries)} retries`)
  }

  const nameOf = ({ of }: FilePlan) => nameImport([of, tableType, target.table])
  const checkpoints = options.restart || dryRun ? [] : findCheckpoints(plans, nameOf)
  const tallies = plans.map((_, index) => ({ ...(checkpoints[index]?.counts ?? noCounts()) }))

  async function importPlanned(plan: FilePlan, index: number): Promise<void> {
    const { path, source, checkpointPath, rejectsPath } = plan
    const checkpoint = checkpoints[index]
    if (checkpoint?.done) {
      console.error(`${path}: done in an earlier run, passed over; --restart imports all files anew`)
      return
    }
    const line = checkpoint?.position.line ?? 0
    const resuming = line > 0 ? `: resuming after line ${formatCount(line)}, where an earlier run stopped` : ''
    console.error(`${path}${resuming}`)
    await importFile({
      source,
      checkpoint,
      keep: dryRun ? undefined : { of: nameOf(plan), path: checkpointPath },
      counts: tallies[index] ?? noCounts(),
      rejects: openRejects(rejectsPath, checkpoint?.rejectsBytes ?? 0),
      write: target.write,
      pace,
      isOver: interruption.isAsked,
      describeStore,
      progressStream: process.stderr,
    }).catch((error) => {
      throw error instanceof FileError ? new FileError(`${path}: ${error.message}`) : error
    })
  }

  function tell(): void {
    const counts = tallies.reduce(addCounts, noCounts())
    const earlierRows = checkpoints.reduce((sum, checkpoint) => sum + (checkpoint?.counts.rows ?? 0), 0)
    const rejectsPaths = plans.filter((_, index) => (tallies[index]?.rejected ?? 0) > 0).map(({ rejectsPath }) => rejectsPath)
    const durationMs = performance.now() - startMs
    console.log(summarize({ counts, earlierRows, durationMs, attempts: attempts.counts, rejectsPaths, isDryRun: dryRun }))
  }

  try {
    for (const [index, plan] of plans.entries()) if (!interruption.isAsked()) await importPlanned(plan, index)
  } finally {
    await target.close().finally(tell)
  }
  if (interruption.isAsked()) {
    console.error(`Interrupted.${dryRun ? '' : ' Run the same command again to continue.'}`)
    return EXIT.notDone
  }
  if (!dryRun) for (const { checkpointPath } of plans) removeCheckpoint(checkpointPath)
  return tallies.some(({ rejected }) => rejected > 0) ? EXIT.someRejected : EXIT.done
}
