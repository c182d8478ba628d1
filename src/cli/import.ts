import { ConfigError, loadConfig } from '../config.ts'
import { createFeatureCrud } from '../dynamodb/feature-crud.ts'
import { openStore, type Store } from '../dynamodb/store.ts'
import { createStoreClock } from '../dynamodb/store-clock.ts'
import { StoreOpenError } from '../dynamodb/store-open-error.ts'
import { StoreError } from '../errors.ts'
import { createAttemptCounts } from './bulk/attempt-counts.ts'
import { EXIT } from './bulk/exit-status.ts'
import { FileError } from './bulk/file-error.ts'
import { type Interruption, watchInterruption } from './bulk/interruption.ts'
import { createPace } from './bulk/pace.ts'
import { createPatience } from './bulk/patience.ts'
import { formatCount } from './bulk/rate.ts'
import { UsageError } from './bulk/usage-error.ts'
import { removeCheckpoint } from './import/checkpoint.ts'
import { addCounts, type Counts, noCounts } from './import/counts.ts'
import { importFile } from './import/import-file.ts'
import { IMPORT_USAGE, type ImportOptions, readImportOptions } from './import/import-options.ts'
import { type FilePlan, planImport } from './import/import-plan.ts'
import type { ImportRow } from './import/import-row.ts'
import { openRejects } from './import/rejects.ts'
import { summarize } from './import/summary.ts'
import type { Outcome } from './import/write-in-order.ts'
import { createWriteRow } from './import/write-row.ts'

// Of one try at a row, with its retries; a store that is busy may be slower than a request would wait.
const ATTEMPT_TIMEOUT_MS = 5000
const WRITE_TIMEOUT_MS = 20_000
const GIVE_UP_AFTER_MS = 60_000

type Total = { counts: Counts; ownRows: number; rejectsPaths: string[] }
type Writing = { write: (row: ImportRow) => Promise<Outcome>; close: () => Promise<void> }

/** `npm run import`: writes the rows of files as the API's writes do. Returns the exit status. */
async function importFiles(options: ImportOptions, interruption: Interruption): Promise<number> {
  const config = loadConfig(process.env, process.cwd(), 'tables')
  const { attemptTimeoutMs: _, ...target } = config.store
  const plans = await planImport(options, target)
  const pace = createPace(options.concurrency)
  const attempts = createAttemptCounts(pace.giveWay)

  async function open(): Promise<Writing> {
    if (options.dryRun) return { write: async () => ({ kind: 'written' }), close: async () => {} }
    const store = await openStore({ ...config.store, attemptTimeoutMs: ATTEMPT_TIMEOUT_MS })
    console.error(`into ${config.store.tableNames[options.tableType]}, store: ${store.description}`)
    return { write: createWriter(store), close: store.close }
  }

  function onSetback(): void {
    attempts.counts.retries += 1
    pace.giveWay()
  }

  function createWriter({ client, tableNames }: Store) {
    return createWriteRow({
      crud: createFeatureCrud({ client, tableNames, now: createStoreClock(client), metrics: attempts.metrics }),
      tableType: options.tableType,
      timeoutMs: WRITE_TIMEOUT_MS,
      persist: createPatience({ giveUpAfterMs: GIVE_UP_AFTER_MS, onSetback, isOver: interruption.isAsked }),
      onAnswered: pace.goOn,
    })
  }

  const startMs = performance.now()
  const { write, close } = await open()
  const total: Total = { counts: noCounts(), ownRows: 0, rejectsPaths: [] }

  async function importPlanned({ path, source, of, checkpoint, checkpointPath, rejectsPath }: FilePlan): Promise<void> {
    if (checkpoint)
      console.error(`${path}: goes on behind line ${formatCount(checkpoint.position.line)}, where a run before ended`)
    const { counts } = await importFile({
      path,
      source,
      checkpoint,
      keep: options.dryRun ? undefined : { of, path: checkpointPath },
      rejects: openRejects(rejectsPath, checkpoint?.rejectsBytes ?? 0),
      write,
      pace,
      isOver: interruption.isAsked,
      describeStore: () => (options.dryRun ? 'dry run' : `${formatCount(attempts.counts.retries)} retries`),
      progressStream: process.stderr,
    })
    total.counts = addCounts(total.counts, counts)
    total.ownRows += counts.rows - (checkpoint?.counts.rows ?? 0)
    if (counts.rejected > 0) total.rejectsPaths.push(rejectsPath)
  }

  try {
    for (const plan of plans) if (!interruption.isAsked()) await importPlanned(plan)
  } finally {
    await close()
  }
  const durationMs = performance.now() - startMs
  console.log(summarize({ ...total, durationMs, attempts: attempts.counts, isDryRun: options.dryRun }))
  if (interruption.isAsked()) {
    console.error(`Interrupted. ${options.dryRun ? '' : 'The same command again goes on from here.'}`)
    return EXIT.notDone
  }
  if (!options.dryRun) for (const { checkpointPath } of plans) removeCheckpoint(checkpointPath)
  return total.counts.rejected > 0 ? EXIT.someRejected : EXIT.done
}

/** What went wrong, for a person, and what to do. */
function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${IMPORT_USAGE}`
  if (error instanceof ConfigError || error instanceof StoreOpenError || error instanceof FileError) return error.message
  if (error instanceof StoreError) {
    const advice = error.advice === undefined ? '' : ` ${error.advice}`
    return `The import has stopped: ${error.message}${advice}\nThe same command again goes on from here.`
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

try {
  const options = readImportOptions(process.argv.slice(2))
  const interruption = watchInterruption(() => console.error('\nEnding: what is under way is finished …'))
  process.exitCode = await importFiles(options, interruption)
} catch (error) {
  console.error(explain(error))
  process.exitCode = EXIT.notDone
}
process.exit()
