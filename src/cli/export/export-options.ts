import type { Environment } from '../../config.ts'
import type { TableType } from '../../features/feature-record.ts'
import { parseOptions } from '../bulk/parse-options.ts'
import { readTableType } from '../bulk/table-type.ts'
import { UsageError } from '../bulk/usage-error.ts'

export type ExportOptions = { tableType: TableType; segments: number; consistent: boolean }

export const EXPORT_USAGE = `npm run --silent export -- --table-type bright_uid|account_id [options] > FILE.ndjson
  --segments N               parts of the table that are read side by side (4)
  --eventually-consistent    half the price; may miss what was written in the last second
  --help                     show this`

const MAX_SEGMENTS = 64

const OPTIONS = {
  'table-type': { type: 'string', default: 'bright_uid' },
  segments: { type: 'string', default: '4' },
  'eventually-consistent': { type: 'boolean', default: false },
} as const

/**
 * The options of an export, by its arguments.
 * @throws UsageError that says what is wrong with them.
 */
export function readExportOptions(args: readonly string[], env: Environment): ExportOptions {
  const { values } = parseOptions({ args: [...args], options: OPTIONS }, env)
  const segments = /^\d{1,2}$/.test(values.segments) ? Number(values.segments) : 0
  if (segments < 1 || segments > MAX_SEGMENTS) throw new UsageError(`--segments must be a whole number from 1 to ${MAX_SEGMENTS}`)
  return { tableType: readTableType(values['table-type']), segments, consistent: !values['eventually-consistent'] }
}
