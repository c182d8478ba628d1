import type { FeatureCrud } from '../../dynamodb/feature-crud.ts'
import { ServiceError, StaleWriteError, StoreError } from '../../errors.ts'
import type { TableType } from '../../features/feature-record.ts'
import { withinMs } from '../bulk/deadline.ts'
import type { ImportRow } from './import-row.ts'
import type { Outcome } from './write-in-order.ts'

export type WriteRowOptions = {
  crud: Pick<FeatureCrud, 'replaceCategory'>
  tableType: TableType
  /** The time by which rows expire. */
  now: () => Date
  /** Of one try, with the CRUD's own retries. */
  timeoutMs: number
  /** Calls again while the store is in trouble. */
  persist: <Result>(call: () => Promise<Result>) => Promise<Result>
  /** Told of each row that the store took, or refused for what is stored. */
  onAnswered: () => void
}

/** Makes what writes a row as the API's writes do, for as long as it takes. */
export function createWriteRow({ crud, tableType, now, timeoutMs, persist, onAnswered }: WriteRowOptions) {
  /** @throws StoreError when the store is in trouble that is not waited out, or was for too long. */
  return async function writeRow(row: ImportRow): Promise<Outcome> {
    if (hasExpired(row, now())) return { kind: 'expired' }
    const { identifier, category, features, writer } = row
    const entity = { tableType, identifier }
    try {
      await persist(() => withinMs(timeoutMs, (scope) => crud.replaceCategory(entity, category, features, writer, scope)))
      onAnswered()
      return { kind: 'written' }
    } catch (error) {
      if (error instanceof StaleWriteError) {
        onAnswered()
        return { kind: 'stale' }
      }
      const fault = faultOf(error)
      if (fault === undefined) throw error
      return { kind: 'rejected', fault }
    }
  }
}

/** Makes what says of a row that it would be written, as far as that can be told without a store. */
export function createCheckRow(now: () => Date) {
  return async (row: ImportRow): Promise<Outcome> => ({ kind: hasExpired(row, now()) ? 'expired' : 'written' })
}

function hasExpired({ writer: { expiresAtSeconds } }: ImportRow, now: Date): boolean {
  return expiresAtSeconds !== undefined && expiresAtSeconds * 1000 <= now.getTime()
}

/** What is wrong with the row, where that is what the error is about. */
function faultOf(error: unknown): string | undefined {
  if (error instanceof StoreError && error.code === 'ITEM_TOO_LARGE') return error.message
  if (error instanceof ServiceError || !(error instanceof Error)) return undefined
  // DynamoDB's own word, where our checks let something through.
  return error.name === 'ValidationException' ? `DynamoDB refuses it: ${error.message}` : undefined
}
