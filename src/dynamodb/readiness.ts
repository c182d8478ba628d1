import { setTimeout as delay } from 'node:timers/promises'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { StoreError } from '../errors.ts'
import { TABLE_TYPES, type TableType } from '../features/feature-record.ts'
import { toStoreError } from './calls/store-errors.ts'
import { checkTable, type TableNames } from './tables.ts'

export type ReadinessOptions = {
  client: DynamoDBClient
  tableNames: TableNames
  /** Milliseconds between checks. */
  intervalMs: number
  /** Milliseconds that one check of both tables may take. */
  timeoutMs: number
  /** Told of every change, one fault that gives way to another included: undefined when ready, else what is wrong. */
  onChange: (fault: Error | undefined) => void
}

const NO_REPLY = new StoreError('STORE_UNAVAILABLE', 'The tables did not answer in time.')

function findFault(faults: readonly (Error | undefined)[]): Error | undefined {
  return faults.find((fault) => fault !== undefined)
}

function describe(fault: Error): string {
  return (fault instanceof StoreError && fault.advice) || fault.message
}

export type Readiness = ReturnType<typeof createReadiness>

/**
 * Whether both tables answer, from DescribeTable in the background: asking costs nothing and never touches the store.
 * Not ready until the first check has passed. A store that goes away is noticed within an interval and a timeout; one that
 * throttles the check is there.
 */
export function createReadiness({ client, tableNames, intervalMs, timeoutMs, onChange }: ReadinessOptions) {
  let state: 'unknown' | 'ready' | 'failing' | 'stopped' = 'unknown'
  let lastFinding: string | undefined
  let timer: NodeJS.Timeout | undefined
  let readyUntilMs = performance.now()

  async function checkTables(): Promise<Error | undefined> {
    const timeout = new AbortController()
    // The signal alone would not end the search for credentials, or for a host's address.
    const timeIsUp = delay(timeoutMs, NO_REPLY, { signal: timeout.signal })
    try {
      const answered = Promise.all(TABLE_TYPES.map((tableType) => checkOne(tableType, timeout.signal)))
      return await Promise.race([answered.then(findFault), timeIsUp])
    } finally {
      timeout.abort()
    }
  }

  async function checkOne(tableType: TableType, signal: AbortSignal): Promise<Error | undefined> {
    const tableName = tableNames[tableType]
    try {
      await checkTable(client, tableName, tableType, signal)
      return undefined
    } catch (error) {
      const fault = toStoreError(error, { operation: 'DescribeTable', tableName })
      return fault instanceof StoreError && fault.code === 'STORE_THROTTLED' ? undefined : fault
    }
  }

  async function check(): Promise<void> {
    const fault = await checkTables()
    if (state === 'stopped') return
    const finding = fault ? describe(fault) : 'ready'
    if (finding !== lastFinding) onChange(fault)
    lastFinding = finding
    if (state === 'ready') readyUntilMs = performance.now()
    state = fault ? 'failing' : 'ready'
    timer = setTimeout(check, intervalMs).unref()
  }

  return {
    /** Checks once, then goes on checking in the background. */
    start: check,
    /** For good: not ready any more, no further checks. */
    stop(): void {
      if (state === 'ready') readyUntilMs = performance.now()
      state = 'stopped'
      clearTimeout(timer)
    },
    isReady: (): boolean => state === 'ready',
    /** For how long it has not been ready, in milliseconds; 0 while it is. */
    notReadyMs: (): number => (state === 'ready' ? 0 : performance.now() - readyUntilMs),
  }
}
