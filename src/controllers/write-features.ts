import pMap from 'p-map'
import type { FeatureCrud } from '../dynamodb/feature-crud.ts'
import {
  DEADLINE_DETAIL,
  PROBLEMS,
  type ProblemCode,
  RequestAbortedError,
  ServiceError,
  StoreError,
  WriteError,
  type WriteResult,
} from '../errors.ts'
import type { CategoryFeatures } from '../features/check-body.ts'
import type { Entity, Features } from '../features/feature-record.ts'
import { estimateItemBytes } from '../features/item-size.ts'
import { MAX_ITEM_BYTES } from '../features/limits.ts'
import { isOver, type RequestScope } from '../request-scope.ts'

// UpdateItems of one request in flight at once.
const MAX_WRITES_IN_FLIGHT = 32

// Of several failures, the first of these statuses is the answer's.
const STATUS_ORDER = [504, 503, 413, 409]

// One for all the categories that are not begun any more.
const TOO_LATE = new StoreError('DEADLINE_EXCEEDED', DEADLINE_DETAIL)

export type FeatureWriter = ReturnType<typeof createFeatureWriter>

export type WriteCategoriesRequest = Entity & { categories: CategoryFeatures; scope: RequestScope }

type Replaced = { category: string; result: Extract<WriteResult, { status: 'replaced' }> }
type NotReplaced = { category: string; result: Exclude<WriteResult, { status: 'replaced' }>; failure: Error }
type Outcome = Replaced | NotReplaced

/** Writing one entity's features. */
export function createFeatureWriter(crud: Pick<FeatureCrud, 'replaceCategory'>) {
  async function replaceOne(request: WriteCategoriesRequest, category: string, features: Features): Promise<Outcome> {
    if (isOver(request.scope)) return notBegun(request.scope, category)
    try {
      await crud.replaceCategory(request, category, features, request.scope)
      return { category, result: { status: 'replaced', feature_count: Object.keys(features).length } }
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error))
      const status = failure instanceof StoreError && failure.mayHaveApplied ? 'unknown' : 'failed'
      return { category, result: { status, code: codeOf(failure) }, failure }
    }
  }

  return {
    /**
     * Replaces each category as a whole, one UpdateItem each, side by side.
     * @throws ServiceError ITEM_TOO_LARGE before anything is written when a category cannot fit an item;
     * WriteError with each category's fate when any was not replaced for certain.
     */
    async writeCategories(request: WriteCategoriesRequest) {
      const { tableType, identifier, categories } = request
      checkSizes(request)
      const outcomes = await pMap(Object.entries(categories), ([category, features]) => replaceOne(request, category, features), {
        concurrency: MAX_WRITES_IN_FLIGHT,
      })
      const failures = outcomes.filter(isNotReplaced)
      if (failures.length > 0) throw toWriteError(failures, outcomes)
      const replaced = outcomes.filter(isReplaced)
      return {
        message: 'Items written successfully (full replace per category)',
        identifier,
        table_type: tableType,
        results: resultsOf(replaced),
        total_features: replaced.reduce((sum, { result }) => sum + result.feature_count, 0),
      }
    },
  }
}

function notBegun({ signal: { reason } }: RequestScope, category: string): Outcome {
  const failure = reason instanceof RequestAbortedError ? reason : TOO_LATE
  return { category, result: { status: 'failed', code: failure.code }, failure }
}

function checkSizes({ tableType, identifier, categories }: WriteCategoriesRequest): void {
  for (const [category, features] of Object.entries(categories)) {
    const keyBytes = [tableType, identifier, 'category', category].reduce((sum, part) => sum + Buffer.byteLength(part), 0)
    const bytes = estimateItemBytes(keyBytes, features)
    if (bytes <= MAX_ITEM_BYTES) continue
    throw new ServiceError(
      'ITEM_TOO_LARGE',
      `Category ${JSON.stringify(category)} would be an item of at least ${bytes} bytes; DynamoDB's limit is ${MAX_ITEM_BYTES}. ` +
        'Split it into smaller categories. Nothing was written.',
    )
  }
}

function isReplaced(outcome: Outcome): outcome is Replaced {
  return outcome.result.status === 'replaced'
}

function isNotReplaced(outcome: Outcome): outcome is NotReplaced {
  return !isReplaced(outcome)
}

function resultsOf<Result extends WriteResult>(outcomes: readonly { category: string; result: Result }[]) {
  return Object.fromEntries(outcomes.map(({ category, result }) => [category, result]))
}

function toWriteError(failures: readonly NotReplaced[], outcomes: readonly Outcome[]): WriteError {
  const errors = failures.map(({ failure }) => failure)
  const worst = errors.toSorted((a, b) => rank(a) - rank(b))[0]
  const reason = worst instanceof ServiceError ? worst.message : 'An internal error occurred.'
  const unknown = failures.filter(({ result }) => result.status === 'unknown').length
  const doubt = unknown > 0 ? `${unknown} may or may not have been applied, ` : ''
  const replaced = outcomes.length - failures.length
  const detail =
    `${reason} Of ${outcomes.length} categories, ${replaced} replaced, ${doubt}${failures.length - unknown} not written. ` +
    'Sending the same request again is safe.'
  return new WriteError(codeOf(worst), detail, resultsOf<WriteResult>(outcomes), errors)
}

function rank(failure: Error): number {
  const position = STATUS_ORDER.indexOf(PROBLEMS[codeOf(failure)].status)
  return position === -1 ? STATUS_ORDER.length : position
}

function codeOf(failure: Error | undefined): ProblemCode {
  return failure instanceof ServiceError ? failure.code : 'INTERNAL'
}
