import type { Metrics } from '../metrics/metrics.ts'
import type { FeatureEraser } from './delete-features.ts'
import { createFeatureCounts } from './feature-counts.ts'
import type { FeatureReader } from './read-features.ts'
import type { FeatureWriter } from './write-features.ts'

export type MeasureOptions = {
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
  const ofTables = metrics.taggedCalls('table_type')
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
          if (ending.ok) features.countItems(tableType, ending.result, mapping)
          else features.countAllMissing(tableType, mapping, ending.error)
          return ofTable(tableType, ...ifTagged(identifier))
        },
      )
    },

    readEntities(request) {
      const { tableType, mapping } = request
      return metrics.timeCall(
        'read.multi_entity',
        () => reader.readEntities(request),
        (ending) => {
          if (ending.ok) for (const entity of ending.result.entities) features.countItems(tableType, entity, mapping)
          return ofTables(tableType)
        },
      )
    },

    readEntity(request) {
      const { tableType, identifier } = request
      return metrics.timeCall(
        'read.entity',
        () => reader.readEntity(request),
        (ending) => {
          if (ending.ok) features.countAll(tableType, ending.result.items)
          return ofTable(tableType, ...ifTagged(identifier))
        },
      )
    },
  }
}

/** The same writer, its operations timed and counted. */
export function measureWriter(writer: FeatureWriter, { metrics, tagIdentifier }: MeasureOptions): FeatureWriter {
  const { ofStored, ofAsked } = metrics.categories
  const ifTagged = (text: string) => (tagIdentifier ? [text] : [])
  const ofTable = metrics.taggedCalls('table_type', ...ifTagged('identifier'))
  const ofTables = metrics.taggedCalls('table_type')
  const ofCategory = metrics.taggedCalls('table_type', 'category', ...ifTagged('identifier'))
  return {
    writeCategories: (request) =>
      metrics.timeCall(
        'write.multi_category',
        () => writer.writeCategories(request),
        () => ofTable(request.tableType, ...ifTagged(request.identifier)),
      ),

    writeEntities: (request) =>
      metrics.timeCall(
        'write.multi_entity',
        () => writer.writeEntities(request),
        () => ofTables(request.tableType),
      ),

    mergeCategory: (request) => {
      const { tableType, identifier, category } = request
      return metrics.timeCall(
        'write.merge',
        () => writer.mergeCategory(request),
        ({ ok }) => ofCategory(tableType, ok ? ofStored(category) : ofAsked(category), ...ifTagged(identifier)),
      )
    },
  }
}

/** The same eraser, its operations timed and counted. */
export function measureEraser(eraser: FeatureEraser, { metrics, tagIdentifier }: MeasureOptions): FeatureEraser {
  const ifTagged = (text: string) => (tagIdentifier ? [text] : [])
  const ofTable = metrics.taggedCalls('table_type', ...ifTagged('identifier'))
  const ofCategory = metrics.taggedCalls('table_type', 'category', ...ifTagged('identifier'))
  return {
    deleteCategory: (request) => {
      const { tableType, identifier, category } = request
      return metrics.timeCall(
        'delete.single_item',
        () => eraser.deleteCategory(request),
        () => ofCategory(tableType, metrics.categories.ofAsked(category), ...ifTagged(identifier)),
      )
    },

    deleteEntity: (request) =>
      metrics.timeCall(
        'delete.entity',
        () => eraser.deleteEntity(request),
        () => ofTable(request.tableType, ...ifTagged(request.identifier)),
      ),
  }
}
