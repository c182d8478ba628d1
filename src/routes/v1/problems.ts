import { DEADLINE_DETAIL } from '../../errors.ts'
import type { ProblemExample } from '../responses.ts'

/** The problems that routes share, each with the detail that a client reads. */
export const requestProblems = {
  INVALID_TABLE_TYPE: { detail: 'table_type must be one of: bright_uid, account_id' },
  VALIDATION_FAILED: {
    detail: 'identifier: must be at most 2048 bytes of UTF-8, is 2050',
    errors: [{ path: 'identifier', message: 'must be at most 2048 bytes of UTF-8, is 2050' }],
  },
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
