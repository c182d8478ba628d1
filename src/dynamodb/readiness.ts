import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { TABLE_TYPES } from '../features/feature-record.ts'
import { checkTable, type TableNames } from './tables.ts'

export type ReadinessOptions = {
  client: DynamoDBClient
  tableNames: TableNames
  /** Milliseconds between checks. */
  intervalMs: number
  /** Milliseconds that one check of both tables may take. */
  timeoutMs: number
  /** Told of every change: undefined when ready, else what is wrong. */
  onChange: (fault: Error | undefined) => void
}

export type Readiness = ReturnType<typeof createReadiness>

/**
 * Whether both tables answer, from DescribeTable in the background: asking costs nothing and never touches the store.
 * Not ready until the first check has passed.
 */
export function createReadiness({ client, tableNames, intervalMs, timeoutMs, onChange }: ReadinessOptions) {
  let state: 'unknown' | 'ready' | 'failing' | 'stopped' = 'unknown'
  let timer: NodeJS.Timeout | undefined

  async function checkTables(): Promise<Error | undefined> {
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      await Promise.all(TABLE_TYPES.map((tableType) => checkTable(client, tableNames[tableType], tableType, signal)))
      return undefined
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  }

  async function check(): Promise<void> {
    const fault = await checkTables()
    if (state === 'stopped') return
    const next = fault ? 'failing' : 'ready'
    if (next !== state) onChange(fault)
    state = next
    timer = setTimeout(check, intervalMs).unref()
  }

  return {
    /** Checks once, then goes on checking in the background. */
    start: check,
    /** For good: not ready any more, no further checks. */
    stop(): void {
      state = 'stopped'
      clearTimeout(timer)
    },
    isReady: (): boolean => state === 'ready',
  }
}
