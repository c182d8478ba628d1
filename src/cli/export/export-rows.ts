import type { TableScan } from '../../dynamodb/reads/table-scan.ts'
import type { TableType } from '../../features/feature-record.ts'
import { withinMs } from '../bulk/deadline.ts'
import type { RowOutput } from './row-output.ts'

export type ExportRowsOptions = {
  scan: TableScan
  tableType: TableType
  /** Parts of the table that are read side by side. */
  segments: number
  consistent: boolean
  /** Milliseconds of one Scan, with its retries. */
  timeoutMs: number
  persist: <Result>(call: () => Promise<Result>) => Promise<Result>
  write: RowOutput['write']
  /** Told of rows that are written, and of items looked at. */
  onPage: (rows: number, items: number) => void
  isOver: () => boolean
}

/**
 * Writes a table's live items as rows, one JSON object a line, in no order.
 * @throws StoreError when the store is in trouble that is not waited out, or was for too long.
 */
export async function exportRows(options: ExportRowsOptions): Promise<void> {
  const { scan, tableType, segments, consistent, timeoutMs, persist, write, onPage, isOver } = options
  let hasFailed = false

  async function exportSegment(index: number): Promise<void> {
    let after: string | undefined
    do {
      const range = { segment: { index, of: segments }, after, consistent }
      const { rows, items, last } = await persist(() => withinMs(timeoutMs, (scope) => scan.scanPage(tableType, range, scope)))
      if (rows.length > 0) await write(`${rows.join('\n')}\n`)
      onPage(rows.length, items)
      after = last
    } while (after !== undefined && !isOver() && !hasFailed)
  }

  await Promise.all(
    Array.from({ length: segments }, (_, index) =>
      exportSegment(index).catch((error) => {
        hasFailed = true
        throw error
      }),
    ),
  )
}
