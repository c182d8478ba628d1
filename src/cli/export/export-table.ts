import type { Environment } from '../../config.ts'
import { createTableScan } from '../../dynamodb/reads/table-scan.ts'
import { createStoreClock } from '../../dynamodb/store-clock.ts'
import { EXIT } from '../bulk/exit-status.ts'
import { formatCount } from '../bulk/format.ts'
import type { Interruption } from '../bulk/interruption.ts'
import { openBulkStore } from '../bulk/open-bulk-store.ts'
import { createPatience } from '../bulk/patience.ts'
import { showProgress } from '../bulk/progress-line.ts'
import { createRate } from '../bulk/rate.ts'
import type { ExportOptions } from './export-options.ts'
import { exportRows } from './export-rows.ts'
import { openStandardOutput } from './row-output.ts'

// Of one Scan, with its retries: a page is 1 MB of items.
const ATTEMPT_TIMEOUT_MS = 30_000
const SCAN_TIMEOUT_MS = 60_000
const GIVE_UP_AFTER_MS = 60_000

/**
 * Writes a table's live items to standard output, and says on standard error what came of it; returns the exit status.
 * @throws ConfigError or StoreOpenError where nothing was begun; StoreError when the store is in trouble that is not waited out,
 * or was for too long; the system's error when the rows cannot be written.
 */
export async function exportTable(options: ExportOptions, env: Environment, interruption: Interruption): Promise<number> {
  const { tableType, segments, consistent } = options
  const { client, tableNames, description, close } = await openBulkStore(env, ATTEMPT_TIMEOUT_MS)
  console.error(`from ${tableNames[tableType]}, store: ${description}`)
  const startMs = performance.now()
  const counts = { rows: 0, items: 0, retries: 0 }
  const output = openStandardOutput()
  const onRetries = (retries: number) => {
    counts.retries += retries
  }
  const rate = createRate(() => counts.rows)
  const endProgress = showProgress({
    stream: process.stderr,
    // How many there are, DynamoDB tells to within six hours only.
    fraction: () => undefined,
    describe: () =>
      `${interruption.isAsked() ? 'ending | ' : ''}${formatCount(counts.rows)} rows | ${formatCount(rate())}/s | ` +
      `${formatCount(counts.retries)} retries`,
  })
  try {
    await exportRows({
      scan: createTableScan({ client, tableNames, now: createStoreClock(client), onRetries }),
      tableType,
      segments,
      consistent,
      timeoutMs: SCAN_TIMEOUT_MS,
      persist: createPatience({
        giveUpAfterMs: GIVE_UP_AFTER_MS,
        onSetback: () => onRetries(1),
        isOver: interruption.isAsked,
      }),
      write: output.write,
      onPage(written, seen) {
        counts.rows += written
        counts.items += seen
      },
      isOver: interruption.isAsked,
    })
    await output.end()
  } finally {
    endProgress()
    await close()
  }
  const seconds = (performance.now() - startMs) / 1000
  const isWhole = !interruption.isAsked()
  const gone = counts.items - counts.rows
  console.error(
    `${isWhole ? '' : 'Interrupted, not the whole table: '}${formatCount(counts.rows)} rows in ${seconds.toFixed(1)} s` +
      (gone > 0 ? `; ${formatCount(gone)} items have expired or are deleted` : ''),
  )
  return isWhole ? EXIT.done : EXIT.notDone
}
