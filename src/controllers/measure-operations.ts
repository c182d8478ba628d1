import type { Metrics } from '../metrics/metrics.ts'
import { createFeatureCounts } from './feature-counts.ts'
import type { FeatureReader } from './read-features.ts'
import type { FeatureWriter } from './write-features.ts'

type MeasureOptions = {
  metrics: Metrics
  /** Tags each operation with the identifier too: a cost and personal data, for development. */
  tagIdentifier: boolean
  /** Milliseconds since the epoch. */
  now: () => number
}

/** The same reader, its operations timed and counted, and the features that it serves. */
export function measureReader(reader: FeatureReader, { metrics, tagIdentifier, now }: MeasureOptions): FeatureReader {
  const { ofStored, ofAsked } = metrics.categories
  const ifTagged = (text: string) => (tagIdentifier ? [text] : [])
  const ofCategory = metrics.taggedCalls('table_type', 'category', ...ifTagged('identifier'))
  const ofTable = metrics.taggedCalls('table_type', ...ifTagged('identifier'))
  const features = createFeatureCounts(metrics, now)

  return {
    readCategory(request) {
      const { tableType, category, identifier } = request
      return metrics.timeCall(
        'read.single_item',
        () => reader.readCategory(request),
        (ending) => {
          if (ending.ok) features.countServed(tableType, category, ending.result.features)
          else features.countAllMissing(tableType, { [category]: [] }, ending.error)
          return ofCategory(tableType, ending.ok ? ofStored(category) : ofAsked(category), ...ifTagged(identifier))
        },
      )
    },

    readMapping(request) {
      const { tableType, mapping, identifier } = request
      return metrics.timeCall(
        'read.multi_category',
        () => reader.readMapping(request),
        (ending) => {
          if (ending.ok) features.countReply(ending.result, mapping)
          else features.countAllMissing(tableType, mapping, ending.error)
          return ofTable(tableType, ...ifTagged(identifier))
        },
      )
    },
  }
}

/** The same writer, its operations timed and counted. */
export function measureWriter(writer: FeatureWriter, { metrics, tagIdentifier }: MeasureOptions): FeatureWriter {
  const ifTagged = (text: string) => (tagIdentifier ? [text] : [])
  const ofTable = metrics.taggedCalls('table_type', ...ifTagged('identifier'))
  return {
    writeCategories: (request) =>
      metrics.timeCall(
        'write.multi_category',
        () => writer.writeCategories(request),
        () => ofTable(request.tableType, ...ifTagged(request.identifier)),
      ),
  }
}
