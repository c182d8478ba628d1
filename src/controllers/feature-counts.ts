import { NotFoundError } from '../errors.ts'
import type { FeatureRecord, TableType } from '../features/feature-record.ts'
import { parseTimestamp } from '../features/parse-timestamp.ts'
import type { FeatureMapping } from '../features/pick-features.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { FeatureReader } from './read-features.ts'

type MappingReply = Awaited<ReturnType<FeatureReader['readMapping']>>

/** What was found of a mapping, and what was not. */
type PickedItems = Pick<MappingReply, 'items' | 'missing_categories' | 'missing_features'>

/**
 * Counts what readers are given: features found, null and missing, and their age, by category. It shows the job that has
 * stopped to write while every answer is 200.
 * @param now milliseconds since the epoch.
 */
export function createFeatureCounts(metrics: Metrics, now: () => number) {
  const { ofStored, ofAsked } = metrics.categories
  const seriesOf = metrics.tagged('table_type', 'category')

  /** One category as it was served. */
  function countServed(tableType: TableType, category: string, { data, metadata }: FeatureRecord): void {
    const series = seriesOf(tableType, ofStored(category))
    let found = 0
    let nulls = 0
    for (const name in data) {
      found += 1
      if (data[name] === null) nulls += 1
    }
    series.count('feature.found.count', found)
    if (nulls > 0) series.count('feature.null.count', nulls)
    const updatedMs = parseTimestamp(metadata.updated_at)
    if (!Number.isNaN(updatedMs)) series.record('feature.age', Math.max(0, now() - updatedMs))
  }

  function countAll(tableType: TableType, items: PickedItems['items']): void {
    for (const [category, { features }] of Object.entries(items)) countServed(tableType, category, features)
  }

  /** A category that is not stored: as many features as were named, or one where all were asked for. */
  function countMissing(tableType: TableType, category: string, names: readonly string[]): void {
    const missing = names.length === 0 ? 1 : new Set(names).size
    seriesOf(tableType, ofAsked(category)).count('feature.missing.count', missing)
  }

  return {
    countServed,

    /** Categories as they were served, whole. */
    countAll,

    /** What was served of one entity, and what was missing. */
    countItems(tableType: TableType, { items, ...missing }: PickedItems, mapping: FeatureMapping): void {
      countAll(tableType, items)
      for (const [category, names] of Object.entries(missing.missing_features)) {
        seriesOf(tableType, ofStored(category)).count('feature.missing.count', names.length)
      }
      for (const category of missing.missing_categories) countMissing(tableType, category, mapping[category] ?? [])
    },

    /** A read that ended in `error`: only where nothing was found is anything known to be missing. */
    countAllMissing(tableType: TableType, mapping: FeatureMapping, error: unknown): void {
      if (!(error instanceof NotFoundError)) return
      for (const [category, names] of Object.entries(mapping)) countMissing(tableType, category, names)
    },
  }
}
