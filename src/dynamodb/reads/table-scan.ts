import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { TableType } from '../../features/feature-record.ts'
import type { Deadline } from '../../request-scope.ts'
import { startProgress } from '../calls/progress.ts'
import { createScanCalls, type ScanRange, type ScanReply } from '../calls/scan-calls.ts'
import { createSend } from '../calls/send.ts'
import type { TableNames } from '../tables.ts'

export type TableScan = ReturnType<typeof createTableScan>

export type TableScanOptions = {
  client: DynamoDBClient
  tableNames: TableNames
  now: () => Date
  /** Told of attempts beyond the first of a call. */
  onRetries: (attempts: number) => void
}

/** Reading of whole tables, a Scan at a time. No request of the service does this: it is for an export. */
export function createTableScan({ client, tableNames, now, onRetries }: TableScanOptions) {
  const calls = createScanCalls({ send: createSend(client), tableNames, now: () => now().getTime() })
  return {
    /**
     * One Scan: up to 1 MB of a segment, as rows of an export.
     * @throws StoreError when the store did not answer truly before the deadline.
     */
    async scanPage(tableType: TableType, range: ScanRange, deadline: Deadline): Promise<ScanReply> {
      const progress = startProgress()
      try {
        return await calls.scan(tableType, range, deadline, progress)
      } finally {
        if (progress.made > 1) onRetries(progress.made - 1)
      }
    },
  }
}
