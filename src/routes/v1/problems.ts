import { DEADLINE_DETAIL } from '../../errors.ts'
import type { ProblemExample } from '../responses.ts'

/** The example of a VALIDATION_FAILED with one fault. */
export function violation(path: string, message: string): ProblemExample {
  return { detail: `${path}: ${message}`, errors: [{ path, message }] }
}

/** The problems that routes share, each with the detail that a client reads. */
export const requestProblems = {
  INVALID_TABLE_TYPE: { detail: 'table_type must be one of: bright_uid, account_id' },
  VALIDATION_FAILED: violation('identifier', 'must be at most 2048 bytes of UTF-8, is 2050'),
  UNAUTHENTICATED: { detail: 'Send a key, as Authorization: Bearer or as x-api-key.' },
  RATE_LIMITED: { detail: 'More than 6000 requests in a minute. Try again in 12 s.' },
  OVERLOADED: { detail: 'As many requests as the service can take are under way. Try again shortly.' },
  INTERNAL: { detail: 'An internal error occurred. Its request id finds it in the logs.' },
} satisfies Record<string, ProblemExample>

export const bodyProblems = {
  MALFORMED_JSON: { detail: 'The body is not valid UTF-8.' },
  MALFORMED_REQUEST: { detail: 'The body is not as long as content-length says.' },
  BODY_TOO_LARGE: { detail: 'The body is over the size limit. Send it as several requests.' },
  UNSUPPORTED_MEDIA_TYPE: { detail: 'Send the body as content-type: application/json.' },
} satisfies Record<string, ProblemExample>

export const storeProblems = {
  STORE_THROTTLED: { detail: 'The store is throttling requests. Try again shortly.' },
  STORE_UNAVAILABLE: { detail: 'The store cannot be reached or cannot answer now. Try again shortly.' },
  DEADLINE_EXCEEDED: { detail: DEADLINE_DETAIL },
} satisfies Record<string, ProblemExample>

export const writeProblems = {
  ...requestProblems,
  ...bodyProblems,
  FORBIDDEN: { detail: 'This key may read; the request needs one that may write.' },
  VALIDATION_FAILED: violation('$.trans_features.balance', 'number has more than 38 significant digits'),
  EMPTY_BODY: { detail: 'Body cannot be empty' },
  ITEM_TOO_LARGE: { detail: 'The category is over the limit of 400 KB (409,600 bytes) of an item.' },
  ...storeProblems,
} satisfies Record<string, ProblemExample>

const AGAIN = 'Sending the same request again is safe.'

/** Results by category of a write that met a later event time, and of one that is in doubt. */
const STALE_RESULTS = {
  trans_features: { status: 'replaced', feature_count: 2 },
  user_features: { status: 'failed', code: 'STALE_WRITE', stored_event_time: '2025-10-08T00:00:00.000Z' },
}
const DOUBTFUL_RESULTS = {
  trans_features: { status: 'replaced', feature_count: 2 },
  user_features: { status: 'unknown', code: 'DEADLINE_EXCEEDED' },
}

/** What goes wrong with a replacement beside its request; `show` puts results by category where the reply has them. */
export function replaceProblems(show: (results: object) => object) {
  return {
    STALE_WRITE: {
      detail:
        'The store has features of a later event time, 2025-10-08T00:00:00.000Z. Of 2 categories, 1 replaced, 1 not written.',
      stored_event_time: '2025-10-08T00:00:00.000Z',
      results: show(STALE_RESULTS),
    },
    DEADLINE_EXCEEDED: {
      detail: `${DEADLINE_DETAIL} Of 2 categories, 1 replaced, 1 may or may not have been applied, 0 not written. ${AGAIN}`,
      results: show(DOUBTFUL_RESULTS),
    },
  } satisfies Record<string, ProblemExample>
}

/** The same of a change to one category: `done` is what it is called when it succeeds. */
export function changeInDoubt(done: string) {
  return {
    DEADLINE_EXCEEDED: {
      detail: `${DEADLINE_DETAIL} Of 1 categories, 0 ${done}, 1 may or may not have been applied, 0 not ${done}. ${AGAIN}`,
      results: { trans_features: { status: 'unknown', code: 'DEADLINE_EXCEEDED' } },
    },
  } satisfies Record<string, ProblemExample>
}
