import { extname } from 'node:path'
import { parseArgs } from 'node:util'
import { isWritersName } from '../../features/check-names.ts'
import { DEFAULT_WRITER, type TableType, type WriterMetadata } from '../../features/feature-record.ts'
import { readTableType } from '../bulk/table-type.ts'
import { UsageError } from '../bulk/usage-error.ts'
import { RowError } from './import-row.ts'
import { readEventTime, readTtl } from './row-reader.ts'

export type Format = 'ndjson' | 'csv' | 'parquet'

export type ImportOptions = {
  files: readonly { path: string; format: Format }[]
  tableType: TableType
  category: string | undefined
  writer: WriterMetadata
  strings: readonly string[]
  delimiter: string
  concurrency: number
  stateDir: string | undefined
  restart: boolean
  dryRun: boolean
}

export const IMPORT_USAGE = `npm run import -- --table-type bright_uid|account_id [options] FILE…
  FILE…                .ndjson or .jsonl, .csv, .parquet (or --format ndjson|csv|parquet)
  --category NAME      the category of rows that name none
  --strings COL,…      CSV: columns that stay texts, whatever they look like
  --delimiter CHAR     CSV: what is between two cells (,)
  --event-time TIME    of rows that have none: RFC 3339 with a zone, or epoch milliseconds
  --ttl SECONDS        of rows that have none
  --source NAME, --compute-id NAME   who writes, of rows that do not say ("import", "None")
  --concurrency N      writes under way at once, at most (64)
  --state-dir DIR      where rejects and checkpoint are kept (beside each FILE)
  --restart            pass over the checkpoint of a run that was interrupted
  --dry-run            read and check everything, write nothing`

const FORMATS: Readonly<Record<string, Format>> = {
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.csv': 'csv',
  '.parquet': 'parquet',
}
const MAX_CONCURRENCY = 64

const OPTIONS = {
  'table-type': { type: 'string', default: 'bright_uid' },
  format: { type: 'string' },
  category: { type: 'string' },
  strings: { type: 'string', multiple: true },
  delimiter: { type: 'string', default: ',' },
  'event-time': { type: 'string' },
  ttl: { type: 'string' },
  source: { type: 'string', default: 'import' },
  'compute-id': { type: 'string', default: DEFAULT_WRITER.computeId },
  concurrency: { type: 'string', default: String(MAX_CONCURRENCY) },
  'state-dir': { type: 'string' },
  restart: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
} as const

/**
 * The options of an import, by its arguments.
 * @throws UsageError that says what is wrong with them.
 */
export function readImportOptions(args: readonly string[]): ImportOptions {
  const { values, positionals } = parse(args)
  if (positionals.length === 0) throw new UsageError('needed: at least one FILE')
  const files = positionals.map((path) => ({ path, format: formatOf(path, values.format) }))
  const twice = positionals.find((path, index) => positionals.indexOf(path) !== index)
  if (twice !== undefined) throw new UsageError(`${twice} is named twice`)
  if ([...values.delimiter].length !== 1 || values.delimiter === '"') throw new UsageError('--delimiter must be one character')
  for (const name of ['source', 'compute-id'] as const) {
    if (!isWritersName(values[name])) throw new UsageError(`--${name} must be 1 to 256 characters`)
  }
  return {
    files,
    tableType: readTableType(values['table-type']),
    category: values.category,
    writer: {
      source: values.source,
      computeId: values['compute-id'],
      ttlSeconds: readValue('ttl', () => readTtl(values.ttl === undefined ? undefined : Number(values.ttl))),
      eventTimeMs: readValue('event-time', () => readEventTime(values['event-time'])),
    },
    strings: (values.strings ?? []).flatMap((names) => names.split(',')),
    delimiter: values.delimiter,
    concurrency: readConcurrency(values.concurrency),
    stateDir: values['state-dir'],
    restart: values.restart,
    dryRun: values['dry-run'],
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function formatOf(path: string, named: string | undefined): Format {
  const format = FORMATS[named === undefined ? extname(path).toLowerCase() : `.${named}`]
  if (format) return format
  throw new UsageError(`${path}: is it NDJSON, CSV or Parquet? Say so by --format ndjson, csv or parquet`)
}

function readValue<Value>(name: string, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (error instanceof RowError) throw new UsageError(`--${name}: ${error.message}`)
    throw error
  }
}

function readConcurrency(text: string): number {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= MAX_CONCURRENCY) return number
  throw new UsageError(`--concurrency must be a whole number from 1 to ${MAX_CONCURRENCY}`)
}
