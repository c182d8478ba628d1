import { type Controllers, createControllers, measureControllers } from '../../src/controllers/controllers.ts'
import { measureCalls } from '../../src/dynamodb/calls/measure-calls.ts'
import type { StoreCalls } from '../../src/dynamodb/calls/store-calls.ts'
import { createCrudOver } from '../../src/dynamodb/feature-crud.ts'
import type { Attribute } from '../../src/dynamodb/items/attribute.ts'
import { toRecord } from '../../src/dynamodb/items/record-json.ts'
import { stateOf } from '../../src/dynamodb/items/stored-state.ts'
import { StoreError } from '../../src/errors.ts'
import { encodeFeatures } from '../../src/features/encode-features.ts'
import { DEFAULT_WRITER, type FeatureRecord, type Features, type FeatureValue } from '../../src/features/feature-record.ts'
import { parseJson } from '../../src/json/parse-json.ts'
import type { Metrics } from '../../src/metrics/metrics.ts'
import { startWork } from '../../src/request-scope.ts'
import { plainAttribute } from './plain-encoding.ts'

export const NOW = new Date('2026-01-02T03:04:05.678Z')

/** One category as it is stored, and as a reader has it. */
export type StoredRecord = { data: Features; metadata: Readonly<Record<string, FeatureValue>> }

/** What a store has of a category: a record, nothing, or no answer. */
export type Stored = StoredRecord | undefined | 'no answer'

/** A reader's replies, parsed. */
type Items = Readonly<Record<string, { features: StoredRecord }>>

export type MeasuredServiceOptions = {
  stored: (category: string) => Stored
  /** The categories that are looked at where all that an entity has is asked for; none if left out. */
  categoriesOf?: (identifier: string) => readonly string[]
  tagIdentifier?: boolean
}

/** One record with a feature that is null, written ten seconds ago. */
export const RECORD: StoredRecord = {
  data: { age: 42, score: null },
  metadata: {
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-02T03:03:55.678Z',
    source: 'api',
    compute_id: 'None',
    ttl: 'None',
  },
}

/** What every request brings beside its subject: no wish of its own, and a scope without an end. */
export const asked = () => ({
  consistent: false,
  writer: DEFAULT_WRITER,
  scope: { signal: new AbortController().signal, endsAtMs: Number.POSITIVE_INFINITY, work: startWork(performance.now()) },
})

/** The service's own reading and writing, measured as in production, over a store that is one function. */
export function createMeasuredService(
  metrics: Metrics,
  { stored, categoriesOf = () => [], tagIdentifier = false }: MeasuredServiceOptions,
) {
  function answer(category: string, names: readonly string[] = []): FeatureRecord | undefined {
    const record = stored(category)
    if (record === 'no answer') throw new StoreError('STORE_UNAVAILABLE', 'The store does not answer.')
    return record && toRecord({ features: plainAttribute(record as FeatureValue) as Attribute }, names, NOW.getTime())
  }

  function recordsOf(identifier: string): [category: string, record: FeatureRecord][] {
    return categoriesOf(identifier).flatMap((category) => {
      const record = answer(category)
      return record ? [[category, record] as [string, FeatureRecord]] : []
    })
  }

  const store: StoreCalls = {
    getItem: async (_entity, category) => answer(category),
    batchGetItem: async (_tableType, keys) => {
      const answers = keys.map((key) => ({ ...key, record: answer(key.category, key.names) }))
      return {
        found: answers.flatMap(({ record, ...key }) => (record ? [{ ...key, record }] : [])),
        missing: answers.filter(({ record }) => record === undefined),
        unprocessed: [],
      }
    },
    queryRecords: async ({ identifier }) => ({ found: recordsOf(identifier), last: undefined }),
    queryCategories: async ({ identifier }) => ({ found: recordsOf(identifier).map(([category]) => category), last: undefined }),
    getState: async () => stateOf(undefined),
    updateItem: async (_entity, category) => {
      answer(category)
      return undefined
    },
  }
  const crud = createCrudOver(measureCalls(store, metrics), () => NOW)
  return inPlainTerms(measureControllers(createControllers(crud), { metrics, tagIdentifier, now: () => NOW.getTime() }))
}

export type MeasuredService = ReturnType<typeof createMeasuredService>

type RequestOf<Operation extends (request: never) => unknown, Member extends string> = Omit<Parameters<Operation>[0], Member>

/** Features by category as a write's body has them, whatever the categories' names. */
function encodeEach(categories: object) {
  return new Map(Object.entries(categories).map(([category, features]) => [category, encodeFeatures(features, [], [])]))
}

/** The same controllers, with features as objects: in requests, which routes read from bodies, and in replies, which are text. */
function inPlainTerms({ reader, writer, eraser }: Controllers) {
  async function parsed<Reply>(reading: Promise<{ json: string }>): Promise<Reply> {
    return parseJson(Buffer.from((await reading).json)) as Reply
  }
  return {
    reader: {
      readCategory: (request: Parameters<typeof reader.readCategory>[0]) =>
        parsed<{ features: StoredRecord }>(reader.readCategory(request)),
      readMapping: (request: Parameters<typeof reader.readMapping>[0]) => parsed<{ items: Items }>(reader.readMapping(request)),
      readEntities: (request: Parameters<typeof reader.readEntities>[0]) =>
        parsed<{ entities: { items: Items }[] }>(reader.readEntities(request)),
      readEntity: (request: Parameters<typeof reader.readEntity>[0]) => parsed<{ items: Items }>(reader.readEntity(request)),
    },
    writer: {
      writeCategories: (request: RequestOf<typeof writer.writeCategories, 'categories'> & { categories: object }) =>
        writer.writeCategories({ ...request, categories: encodeEach(request.categories) }),
      writeEntities: (request: RequestOf<typeof writer.writeEntities, 'entities'> & { entities: object }) =>
        writer.writeEntities({
          ...request,
          entities: new Map(Object.entries(request.entities).map(([name, categories]) => [name, encodeEach(categories)])),
        }),
      mergeCategory: (request: RequestOf<typeof writer.mergeCategory, 'patch'> & { patch: object }) =>
        writer.mergeCategory({ ...request, patch: encodeFeatures(request.patch, [], []) }),
    },
    eraser,
  }
}
