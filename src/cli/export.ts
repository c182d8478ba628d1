import { ConfigError, loadConfig } from '../config.ts'
import { createTableScan } from '../dynamodb/reads/table-scan.ts'
import { openStore } from '../dynamodb/store.ts'
import { createStoreClock } from '../dynamodb/store-clock.ts'
import { StoreOpenError } from '../dynamodb/store-open-error.ts'
import { StoreError } from '../errors.ts'
import { EXIT } from './bulk/exit-status.ts'
import { type Interruption, watchInterruption } from './bulk/interruption.ts'
import { createPatience } from './bulk/patience.ts'
import { showProgress } from './bulk/progress-line.ts'
import { createRate, formatCount } from './bulk/rate.ts'
import { UsageError } from './bulk/usage-error.ts'
import { EXPORT_USAGE, type ExportOptions, readExportOptions } from './export/export-options.ts'
import { exportRows } from './export/export-rows.ts'
import { openStandardOutput } from './export/row-output.ts'

// Of one Scan, with its retries: a page is 1 MB of items.
const ATTEMPT_TIMEOUT_MS = 30_000
const SCAN_TIMEOUT_MS = 60_000
const GIVE_UP_AFTER_MS = 60_000

/** `npm run export`: writes a table's live items to standard output, in the form that an import reads. Returns the exit status. */
async function exportTable({ tableType, segments, consistent }: ExportOptions, interruption: Interruption): Promise<number> {
  const config = loadConfig(process.env, process.cwd(), 'tables')
  const store = await openStore({ ...config.store, attemptTimeoutMs: ATTEMPT_TIMEOUT_MS })
  const { client, tableNames } = store
  console.error(`from ${tableNames[tableType]}, store: ${store.description}`)
  const startMs = performance.now()
  let rows = 0
  let items = 0
  let retries = 0
  const rate = createRate(() => rows)
  const endProgress = showProgress({
    stream: process.stderr,
    // How many there are, DynamoDB tells to within six hours only.
    fraction: () => undefined,
    describe: () => `${formatCount(rows)} rows | ${formatCount(rate())}/s | ${formatCount(retries)} retries`,
  })
  try {
    await exportRows({
      scan: createTableScan({
        client,
        tableNames,
        now: createStoreClock(client),
        onRetries: (attempts) => {
          retries += attempts
        },
      }),
      tableType,
      segments,
      consistent,
      timeoutMs: SCAN_TIMEOUT_MS,
      persist: createPatience({ giveUpAfterMs: GIVE_UP_AFTER_MS, onSetback: () => {}, isOver: interruption.isAsked }),
      write: openStandardOutput(),
      onPage(written, seen) {
        rows += written
        items += seen
      },
      isOver: interruption.isAsked,
    })
  } finally {
    endProgress()
    await store.close()
  }
  const seconds = (performance.now() - startMs) / 1000
  const isWhole = !interruption.isAsked()
  const gone = items - rows
  console.error(
    `${isWhole ? '' : 'Interrupted, not the whole table: '}${formatCount(rows)} rows in ${seconds.toFixed(1)} s` +
      (gone > 0 ? `; ${formatCount(gone)} items have expired or are deleted` : ''),
  )
  return isWhole ? EXIT.done : EXIT.notDone
}

/** What went wrong, for a person. */
function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${EXPORT_USAGE}`
  if (error instanceof ConfigError || error instanceof StoreOpenError) return error.message
  if (error instanceof StoreError) return `The export is not whole: ${error.message} ${error.advice ?? ''}`.trimEnd()
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

// Who reads the rows may go: `npm run export | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') console.error(`The export is not whole: ${error.message}`)
  process.exit(EXIT.notDone)
})

try {
  const options = readExportOptions(process.argv.slice(2))
  process.exitCode = await exportTable(
    options,
    watchInterruption(() => console.error('\nEnding …')),
  )
} catch (error) {
  console.error(explain(error))
  process.exitCode = EXIT.notDone
}
process.stdout.write('', () => process.exit())
