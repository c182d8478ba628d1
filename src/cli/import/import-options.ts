import { extname, resolve } from 'node:path'
import type { Environment } from '../../config.ts'
import { isWritersName } from '../../features/check-names.ts'
import { DEFAULT_WRITER, type TableType, type WriterMetadata } from '../../features/feature-record.ts'
import { callerPath } from '../bulk/caller-path.ts'
import { parseOptions } from '../bulk/parse-options.ts'
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
  --category NAME      the category for rows that name none
  --strings COL,…      CSV: columns that stay texts, whatever they look like
  --delimiter CHAR     CSV: what is between two cells (,)
  --event-time TIME    for rows that have none: RFC 3339 with a zone, or epoch milliseconds
  --ttl SECONDS        for rows that have none
  --source NAME, --compute-id NAME   who writes, for rows that do not say ("import", "None")
  --concurrency N      writes under way at once, at most (64)
  --state-dir DIR      where rejects and checkpoint are kept (beside each FILE)
  --restart            ignore the checkpoint of an interrupted run, and begin anew
  --dry-run            read and check everything, write nothing but FILE.dry-run.rejects
  --help               show this`

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
export function readImportOptions(args: readonly string[], env: Environment): ImportOptions {
  const { values, positionals } = parseOptions({ args: [...args], options: OPTIONS, allowPositionals: true }, env)
  if (positionals.length === 0) throw new UsageError('Name at least one FILE')
  const files = positionals.map((name) => {
    const path = callerPath(name, env)
    return { path, format: formatOf(path, values.format) }
  })
  const paths = files.map(({ path }) => resolve(path))
  const twice = paths.find((path, index) => paths.indexOf(path) !== index)
  if (twice !== undefined) throw new UsageError(`${twice} is named twice`)
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
    delimiter: readDelimiter(values.delimiter),
    concurrency: readConcurrency(values.concurrency),
    stateDir: values['state-dir'] === undefined ? undefined : callerPath(values['state-dir'], env),
    restart: values.restart,
    dryRun: values['dry-run'],
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

function readDelimiter(text: string): string {
  const delimiter = text === '\\t' ? '\t' : text
  if ([...delimiter].length === 1 && delimiter !== '"') return delimiter
  throw new UsageError('--delimiter must be one character; \\t is a tab')
}

function readConcurrency(text: string): number {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= MAX_CONCURRENCY) return number
  throw new UsageError(`--concurrency must be a whole number from 1 to ${MAX_CONCURRENCY}`)
}
