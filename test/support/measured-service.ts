import { measureReader, measureWriter } from '../../src/controllers/measure-operations.ts'
import { createFeatureReader } from '../../src/controllers/read-features.ts'
import { createFeatureWriter } from '../../src/controllers/write-features.ts'
import { createBatchGet } from '../../src/dynamodb/batch-get.ts'
import { measureCalls } from '../../src/dynamodb/measure-calls.ts'
import type { StoreCalls } from '../../src/dynamodb/store-calls.ts'
import { createVersionedWrite } from '../../src/dynamodb/versioned-write.ts'
import { StoreError } from '../../src/errors.ts'
import type { FeatureRecord } from '../../src/features/feature-record.ts'
import type { Metrics } from '../../src/metrics/metrics.ts'
import { type RequestScope, startWork } from '../../src/request-scope.ts'

export const NOW = new Date('2026-01-02T03:04:05.678Z')

/** What a store has of a category: a record, nothing, or no answer. */
export type Stored = FeatureRecord | undefined | 'no answer'

export type MeasuredServiceOptions = { stored: (category: string) => Stored; tagIdentifier?: boolean }

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

export const scope = (): RequestScope => ({
  signal: new AbortController().signal,
  endsAtMs: Number.POSITIVE_INFINITY,
  work: startWork(performance.now()),
})

/** The service's own reading and writing, measured as in production, over a store that is one function. */
export function createMeasuredService(metrics: Metrics, { stored, tagIdentifier = false }: MeasuredServiceOptions) {
  function answer(category: string): FeatureRecord | undefined {
    const record = stored(category)
    if (record === 'no answer') throw new StoreError('STORE_UNAVAILABLE', 'The store does not answer.')
    return record
  }

  const store: StoreCalls = {
    getItem: async (_entity, category) => answer(category),
    batchGetItem: async (_entity, categories) => {
      const found = categories.map((category) => [category, answer(category)] as const)
      return { found: new Map(found.filter((pair): pair is [string, FeatureRecord] => pair[1] !== undefined)), unprocessed: [] }
    },
    getVersion: async () => undefined,
    updateItem: async (_entity, category) => {
      answer(category)
    },
  }
  const calls = measureCalls(store, metrics)
  const crud = {
    getCategory: calls.getItem,
    getCategories: createBatchGet(calls),
    replaceCategory: createVersionedWrite(calls, () => NOW),
  }
  const measure = { metrics, tagIdentifier, now: () => NOW.getTime() }
  return {
    reader: measureReader(createFeatureReader(crud), measure),
    writer: measureWriter(createFeatureWriter(crud), measure),
  }
}
