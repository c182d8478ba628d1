import type { Entity } from '../features/feature-record.ts'
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

/** An operation's tags: with the identifier where one is named and it is wished for. */
function createOperationTags({ metrics, tagIdentifier }: MeasureOptions) {
  const ifTagged = (text: string) => (tagIdentifier ? [text] : [])
  const ofCategory = metrics.taggedCalls('table_type', 'category', ...ifTagged('identifier'))
  const ofEntity = metrics.taggedCalls('table_type', ...ifTagged('identifier'))
  return {
    ofCategory: ({ tableType, identifier }: Entity, category: string) => ofCategory(tableType, category, ...ifTagged(identifier)),
    ofEntity: ({ tableType, identifier }: Entity) => ofEntity(tableType, ...ifTagged(identifier)),
    ofTable: metrics.taggedCalls('table_type'),
  }
}

/** The same reader, its operations timed and counted, and the features that it serves. */
export function measureReader(reader: FeatureReader, options: MeasureOptions): FeatureReader {
  const { metrics, now } = options
  const { ofStored, ofAsked } = metrics.categories
  const { ofCategory, ofEntity, ofTable } = createOperationTags(options)
  const features = createFeatureCounts(metrics, now)

  return {
    readCategory(request) {
      const { tableType, category } = request
      return metrics.timeCall(
        'read.single_item',
        () => reader.readCategory(request),
        (ending) => {
          if (ending.ok) features.countServed(tableType, category, ending.result.record)
          else features.countAllMissing(tableType, { [category]: [] }, ending.error)
          return ofCategory(request, ending.ok ? ofStored(category) : ofAsked(category))
        },
      )
    },

    readMapping(request) {
      const { tableType, mapping } = request
      return metrics.timeCall(
        'read.multi_category',
        () => reader.readMapping(request),
        (ending) => {
          if (ending.ok) features.countItems(tableType, ending.result, mapping)
          else features.countAllMissing(tableType, mapping, ending.error)
          return ofEntity(request)
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
          return ofTable(tableType)
        },
      )
    },

    readEntity(request) {
      return metrics.timeCall(
        'read.entity',
        () => reader.readEntity(request),
        (ending) => {
          if (ending.ok) features.countAll(request.tableType, ending.result)
          return ofEntity(request)
        },
      )
    },
  }
}

/** The same writer, its operations timed and counted. */
export function measureWriter(writer: FeatureWriter, options: MeasureOptions): FeatureWriter {
  const { metrics } = options
  const { ofStored, ofAsked } = metrics.categories
  const { ofCategory, ofEntity, ofTable } = createOperationTags(options)
  return {
    writeCategories: (request) =>
      metrics.timeCall(
        'write.multi_category',
        () => writer.writeCategories(request),
        () => ofEntity(request),
      ),

    writeEntities: (request) =>
      metrics.timeCall(
        'write.multi_entity',
        () => writer.writeEntities(request),
        () => ofTable(request.tableType),
      ),

    mergeCategory: (request) => {
      const { category } = request
      return metrics.timeCall(
        'write.merge',
        () => writer.mergeCategory(request),
        ({ ok }) => ofCategory(request, ok ? ofStored(category) : ofAsked(category)),
      )
    },
  }
}

/** The same eraser, its operations timed and counted. */
export function measureEraser(eraser: FeatureEraser, options: MeasureOptions): FeatureEraser {
  const { metrics } = options
  const { ofCategory, ofEntity } = createOperationTags(options)
  return {
    deleteCategory: (request) => {
      return metrics.timeCall(
        'delete.single_item',
        () => eraser.deleteCategory(request),
        () => ofCategory(request, metrics.categories.ofAsked(request.category)),
      )
    },

    deleteEntity: (request) =>
      metrics.timeCall(
        'delete.entity',
        () => eraser.deleteEntity(request),
        () => ofEntity(request),
      ),
  }
}
