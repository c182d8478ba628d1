import { StoreError } from '../../errors.ts'
import type { TableType } from '../../features/feature-record.ts'
import type { Deadline } from '../../request-scope.ts'
import type { Item } from '../items/attribute.ts'
import { keyOf } from '../items/item-key.ts'
import { toRowJson } from '../items/row-json.ts'
import { type CallContext, keyJson } from './call-context.ts'
import type { Progress } from './progress.ts'

/** One of the parts into which DynamoDB divides a table for those who scan it side by side. */
export type Segment = { index: number; of: number }

/** What one Scan asks for: the part of the segment behind a key, which is JSON of DynamoDB's; undefined: from its start. */
export type ScanRange = { segment: Segment; after: string | undefined; consistent: boolean }

/** What one Scan brought: rows of an export, the items it looked at, and the key behind which there may be more. */
export type ScanReply = { rows: string[]; items: number; last: string | undefined }

/** Reading of a whole table. */
export function createScanCalls({ send, tableNames, now }: CallContext) {
  return {
    /**
     * One Scan, of up to 1 MB.
     * @throws StoreError when the store did not answer truly before the deadline.
     */
    async scan(tableType: TableType, range: ScanRange, deadline: Deadline, progress: Progress): Promise<ScanReply> {
      const tableName = tableNames[tableType]
      const { segment, after, consistent } = range
      const input = JSON.stringify({
        TableName: tableName,
        Segment: segment.index,
        TotalSegments: segment.of,
        ...(consistent ? { ConsistentRead: true } : {}),
      })
      const start = after === undefined ? '' : `,"ExclusiveStartKey":${after}`
      const makeBody = () => `${input.slice(0, -1)}${start}}`
      const reply = await send({ operation: 'Scan', tableName, makeBody }, deadline, progress)
      const items = requireItems(reply.Items)
      const rows = items.map((item) => toRowJson(item, tableType, now())).filter((row) => row !== undefined)
      return { rows, items: items.length, last: lastKey(reply.LastEvaluatedKey, tableType, after) }
    },
  }
}

function requireItems(items: unknown): Item[] {
  if (Array.isArray(items)) return items
  throw new StoreError('STORE_UNAVAILABLE', 'The store answered a scan without saying what it found.')
}

/** Where the next one begins; a key that is none, or that leads nowhere, would make a walk without an end. */
function lastKey(last: unknown, tableType: TableType, after: string | undefined): string | undefined {
  if (last === undefined) return undefined
  const key = keyOf(last as Item, tableType)
  const text = key && keyJson(tableType, key)
  if (text === undefined || text === after)
    throw new StoreError('STORE_UNAVAILABLE', 'The store answered a scan without a way to go on.')
  return text
}
