import { NotFoundError } from '../errors.ts'
import type { FeatureMapping, FeatureRecord, TableType } from '../features/feature-record.ts'
import { parseTimestamp } from '../features/parse-timestamp.ts'
import type { Metrics } from '../metrics/metrics.ts'

/** What was found of an entity, by category. */
type Found = { records: ReadonlyMap<string, FeatureRecord> }

/**
 * Counts what readers are given: features found, null and missing, and their age, by category. It shows the job that has
 * stopped to write while every answer is 200.
 * @param now milliseconds since the epoch.
 */
export function createFeatureCounts(metrics: Metrics, now: () => number) {
  const { ofStored, ofAsked } = metrics.categories
  const seriesOf = metrics.tagged('table_type', 'category')

  /** One category as it was served, and what of it was asked for by name and is missing. */
  function countServed(tableType: TableType, category: string, record: FeatureRecord): void {
    const series = seriesOf(tableType, ofStored(category))
    const { found, nulls, missing } = record
    series.count('feature.found.count', found)
    if (nulls > 0) series.count('feature.null.count', nulls)
    if (missing.length > 0) series.count('feature.missing.count', missing.length)
    series.record('feature.age', () => Math.max(0, now() - parseTimestamp(record.updatedAt)))
  }

  /** A category that is not stored: as many features as were named, or one where all were asked for. */
  function countMissing(tableType: TableType, category: string, names: readonly string[]): void {
    const missing = names.length === 0 ? 1 : new Set(names).size
    seriesOf(tableType, ofAsked(category)).count('feature.missing.count', missing)
  }

  return {
    countServed,

    /** Categories as they were served, whole. */
    countAll(tableType: TableType, { records }: Found): void {
      for (const [category, record] of records) countServed(tableType, category, record)
    },

    /** What was served of one entity, and what was missing. */
    countItems(tableType: TableType, { records }: Found, mapping: FeatureMapping): void {
      for (const [category, names] of Object.entries(mapping)) {
        const record = records.get(category)
        if (record) countServed(tableType, category, record)
        else countMissing(tableType, category, names)
      }
    },

    /** A read that ended in `error`: only where nothing was found is anything known to be missing. */
    countAllMissing(tableType: TableType, mapping: FeatureMapping, error: unknown): void {
      if (!(error instanceof NotFoundError)) return
      for (const [category, names] of Object.entries(mapping)) countMissing(tableType, category, names)
    },
  }
}
