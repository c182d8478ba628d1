import { TABLE_TYPES, type TableType } from '../../features/feature-record.ts'
import { UsageError } from './usage-error.ts'

/**
 * The table that an option names.
 * @throws UsageError where it is none of the two.
 */
export function readTableType(text: string): TableType {
  const found = TABLE_TYPES.find((tableType) => tableType === text)
  if (found) return found
  throw new UsageError(`--table-type must be one of: ${TABLE_TYPES.join(', ')}`)
}
