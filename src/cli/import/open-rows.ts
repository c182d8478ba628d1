import { openCsv } from './csv-rows.ts'
import type { Format, ImportOptions } from './import-options.ts'
import type { RowSource } from './import-row.ts'
import { openNdjson } from './ndjson-rows.ts'
import { createRowReader } from './row-reader.ts'

/**
 * Opens a file of rows.
 * @throws FileError where it is no file of its format, or rows cannot be made of it.
 */
export function openRows({ path, format }: { path: string; format: Format }, options: ImportOptions): Promise<RowSource> {
  const reader = createRowReader(options)
  if (format === 'ndjson') return openNdjson(path, reader)
  if (format === 'csv') return openCsv(path, options, reader)
  // Its library is loaded where it is needed.
  return import('./parquet-rows.ts').then(({ openParquet }) => openParquet(path, options.category, reader))
}
