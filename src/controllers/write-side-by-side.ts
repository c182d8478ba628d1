import pMap from 'p-map'
import {
  DEADLINE_DETAIL,
  PROBLEMS,
  type ProblemCode,
  RequestAbortedError,
  ServiceError,
  StaleWriteError,
  StoreError,
  ValidationError,
  WriteError,
  type WriteFailure,
  type WriteResult,
  type WriteSuccess,
} from '../errors.ts'
import type { ItemKey } from '../features/feature-record.ts'
import { isOver, type RequestScope } from '../request-scope.ts'

// UpdateItems of one request in flight at once.
const MAX_WRITES_IN_FLIGHT = 32

// Of several failures, the first of these statuses is the answer's.
const STATUS_ORDER = [504, 503, 413, 409]

// One for all the categories that are not begun any more.
const TOO_LATE = new StoreError('DEADLINE_EXCEEDED', DEADLINE_DETAIL)

/** One category of a write, and what became of it. */
export type Outcome<Result extends WriteResult> = ItemKey & { result: Result }
type Failed = Outcome<WriteFailure> & { failure: Error }

export type WritesOptions<Write extends ItemKey, Success extends WriteSuccess> = {
  writes: readonly Write[]
  /** What a write that succeeds is called. */
  done: Success['status']
  scope: RequestScope
  perform: (write: Write) => Promise<void>
  /** What is told of a write that was performed. */
  success: (write: Write) => Success
  /** Outcomes as a reply tells them. */
  show: (outcomes: readonly Outcome<WriteResult>[]) => WriteError['results']
}

/**
 * Writes categories side by side, a bounded number at once.
 * @returns each one's outcome, in order, when all have succeeded.
 * @throws WriteError with each one's fate when any did not succeed for certain; ValidationError, nothing sent, as it comes.
 */
export async function writeSideBySide<Write extends ItemKey, Success extends WriteSuccess>({
  writes,
  done,
  scope,
  perform,
  success,
  show,
}: WritesOptions<Write, Success>): Promise<Outcome<Success>[]> {
  const failed: Failed[] = []

  async function settle(write: Write): Promise<Outcome<Success> | Failed> {
    const { identifier, category } = write
    try {
      if (isOver(scope)) throw reasonNotToBegin(scope)
      await perform(write)
      return { identifier, category, result: success(write) }
    } catch (error) {
      if (error instanceof ValidationError) throw error
      const failure = error instanceof Error ? error : new Error(String(error))
      const outcome = { identifier, category, result: toFailure(failure), failure }
      failed.push(outcome)
      return outcome
    }
  }

  const [only] = writes
  // Most requests write one category: p-map takes 2 us for it.
  const outcomes =
    only && writes.length === 1 ? [await settle(only)] : await pMap(writes, settle, { concurrency: MAX_WRITES_IN_FLIGHT })
  if (failed.length > 0) throw toWriteError(failed, outcomes.length, done, show(outcomes))
  return outcomes as Outcome<Success>[]
}

/** Results by category. */
export function byCategory<Result extends WriteResult>(outcomes: readonly Outcome<Result>[]): Record<string, Result> {
  return Object.fromEntries(outcomes.map(({ category, result }) => [category, result]))
}

/** Results by identifier and category. */
export function byEntity<Result extends WriteResult>(
  outcomes: readonly Outcome<Result>[],
): Record<string, Record<string, Result>> {
  const groups = Map.groupBy(outcomes, ({ identifier }) => identifier)
  return Object.fromEntries([...groups].map(([identifier, ofEntity]) => [identifier, byCategory(ofEntity)]))
}

function reasonNotToBegin({ signal: { reason } }: RequestScope): Error {
  return reason instanceof RequestAbortedError ? reason : TOO_LATE
}

function toFailure(failure: Error): WriteFailure {
  return {
    status: failure instanceof StoreError && failure.mayHaveApplied ? 'unknown' : 'failed',
    code: codeOf(failure),
    ...(failure instanceof StaleWriteError ? { stored_event_time: failure.storedEventTime } : {}),
  }
}

function toWriteError(failed: readonly Failed[], total: number, done: string, results: WriteError['results']): WriteError {
  const failures = failed.map(({ failure }) => failure)
  const worst = failures.toSorted((a, b) => rank(a) - rank(b) || byEventTime(b, a))[0]
  const reason = worst instanceof ServiceError ? worst.message : 'An internal error occurred.'
  const unknown = failed.filter(({ result }) => result.status === 'unknown').length
  const doubt = unknown > 0 ? `${unknown} may or may not have been applied, ` : ''
  const isStale = failures.every((failure) => failure instanceof StaleWriteError)
  const advice = isStale ? '' : ' Sending the same request again is safe.'
  const detail =
    `${reason} Of ${total} categories, ${total - failed.length} ${done}, ${doubt}${failed.length - unknown} not ${NOT[done] ?? done}.` +
    advice
  const storedEventTime = worst instanceof StaleWriteError ? worst.storedEventTime : undefined
  return new WriteError(codeOf(worst), detail, { results, failures, storedEventTime })
}

// The older sentence of a replacement.
const NOT: Readonly<Record<string, string>> = { replaced: 'written' }

function rank(failure: Error): number {
  const position = STATUS_ORDER.indexOf(PROBLEMS[codeOf(failure)].status)
  return position === -1 ? STATUS_ORDER.length : position
}

/** Of two that were refused as stale, the one that met the later event time comes last. */
function byEventTime(a: Error, b: Error): number {
  if (!(a instanceof StaleWriteError && b instanceof StaleWriteError)) return 0
  // Without the Z, more digits of a second come after fewer.
  const [own, other] = [a, b].map(({ storedEventTime }) => storedEventTime.slice(0, -1))
  return String(own) < String(other) ? -1 : 1
}

function codeOf(failure: Error | undefined): ProblemCode {
  return failure instanceof ServiceError ? failure.code : 'INTERNAL'
}
