import { createControllers, measureControllers } from '../../src/controllers/controllers.ts'
import { measureCalls } from '../../src/dynamodb/calls/measure-calls.ts'
import type { StoreCalls } from '../../src/dynamodb/calls/store-calls.ts'
import { createCrudOver } from '../../src/dynamodb/feature-crud.ts'
import { stateOf } from '../../src/dynamodb/items/stored-state.ts'
import { StoreError } from '../../src/errors.ts'
import { DEFAULT_WRITER, type FeatureRecord } from '../../src/features/feature-record.ts'
import type { Metrics } from '../../src/metrics/metrics.ts'
import { startWork } from '../../src/request-scope.ts'

export const NOW = new Date('2026-01-02T03:04:05.678Z')

/** What a store has of a category: a record, nothing, or no answer. */
export type Stored = FeatureRecord | undefined | 'no answer'

export type MeasuredServiceOptions = {
  stored: (category: string) => Stored
  /** The categories that are looked at where all that an entity has is asked for; none if left out. */
  categoriesOf?: (identifier: string) => readonly string[]
  tagIdentifier?: boolean
}

/** One record with a feature that is null, written ten seconds ago. */
export const RECORD: FeatureRecord = {
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
  function answer(category: string): FeatureRecord | undefined {
    const record = stored(category)
    if (record === 'no answer') throw new StoreError('STORE_UNAVAILABLE', 'The store does not answer.')
    return record
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
      const answers = keys.map((key) => ({ ...key, record: answer(key.category) }))
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
  return measureControllers(createControllers(crud), { metrics, tagIdentifier, now: () => NOW.getTime() })
}
