/**
 * Every kind of failure a client can be told of: its stable code, its HTTP status and its title.
 * The table is the only place where a code meets a status; the error handler and the OpenAPI document both read it.
 */
export const PROBLEMS = {
  MALFORMED_JSON: { status: 400, title: 'Malformed JSON' },
  MALFORMED_URL: { status: 400, title: 'Malformed URL' },
  MALFORMED_REQUEST: { status: 400, title: 'Malformed HTTP request' },
  INVALID_TABLE_TYPE: { status: 400, title: 'Unknown table type' },
  EMPTY_BODY: { status: 400, title: 'Empty body' },
  UNAUTHENTICATED: { status: 401, title: 'Not authenticated' },
  FORBIDDEN: { status: 403, title: 'Not allowed' },
  ITEM_NOT_FOUND: { status: 404, title: 'Item not found' },
  ROUTE_NOT_FOUND: { status: 404, title: 'Route not found' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'Method not allowed' },
  REQUEST_TIMEOUT: { status: 408, title: 'Request timeout' },
  STALE_WRITE: { status: 409, title: 'Stale write' },
  BODY_TOO_LARGE: { status: 413, title: 'Body too large' },
  ITEM_TOO_LARGE: { status: 413, title: 'Item too large' },
  URL_TOO_LONG: { status: 414, title: 'URL too long' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'Unsupported media type' },
  VALIDATION_FAILED: { status: 422, title: 'Validation failed' },
  RATE_LIMITED: { status: 429, title: 'Rate limit exceeded' },
  HEADERS_TOO_LARGE: { status: 431, title: 'Request headers too large' },
  REQUEST_ABORTED: { status: 499, title: 'Request aborted by the client' },
  INTERNAL: { status: 500, title: 'Internal error' },
  STORE_THROTTLED: { status: 503, title: 'Store throttled' },
  STORE_UNAVAILABLE: { status: 503, title: 'Store unavailable' },
  OVERLOADED: { status: 503, title: 'Overloaded' },
  NOT_READY: { status: 503, title: 'Not ready' },
  DEADLINE_EXCEEDED: { status: 504, title: 'Deadline exceeded' },
} as const

export type ProblemCode = keyof typeof PROBLEMS

/** Codes for metrics and log, which no reply has. */
export const UNTOLD_CODES: readonly ProblemCode[] = ['REQUEST_ABORTED']

/** A problem's type (RFC 9457) as a URI that needs no host: `urn:problem:item-not-found`. */
export function problemType(code: ProblemCode): string {
  return `urn:problem:${code.toLowerCase().replaceAll('_', '-')}`
}

/** One thing wrong with a request: where (a JSONPath into the body, or a parameter's name) and what. */
export type Violation = { path: string; message: string }

/** An error with a code of the table above; `message` is the sentence that the client reads as `detail`. */
export class ServiceError extends Error {
  readonly code: ProblemCode

  constructor(code: ProblemCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** The request breaks the schema or a limit of DynamoDB: 422 with every place named. */
export class ValidationError extends ServiceError {
  readonly violations: readonly Violation[]

  constructor(violations: readonly Violation[]) {
    super('VALIDATION_FAILED', describeViolations(violations))
    this.violations = violations
  }
}

/** Nothing is stored under the asked key: 404. */
export class NotFoundError extends ServiceError {
  constructor(message: string) {
    super('ITEM_NOT_FOUND', message)
  }
}

/** The path exists, the method does not: 405 with the methods that do. */
export class MethodNotAllowedError extends ServiceError {
  readonly allow: readonly string[]

  constructor(method: string, allow: readonly string[]) {
    super('METHOD_NOT_ALLOWED', `${method} is not supported here. Use ${allow.join(' or ')}.`)
    this.allow = allow
  }
}

/** No key that is known, or one without the scope that the route asks for: 401 or 403, with the challenge of RFC 6750. */
export class AccessError extends ServiceError {
  readonly challenge: string

  constructor(code: 'UNAUTHENTICATED' | 'FORBIDDEN', message: string, challenge: string) {
    super(code, message)
    this.challenge = challenge
  }
}

/** Too many requests in too short a time: 429 with the seconds until there is room again. */
export class RateLimitError extends ServiceError {
  readonly retryAfterSeconds: number

  constructor(message: string, retryAfterSeconds: number) {
    super('RATE_LIMITED', message)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The client hung up, so that nobody waits for the work any more. Only metrics and log are told, by nginx's status. */
export class RequestAbortedError extends ServiceError {
  constructor() {
    super('REQUEST_ABORTED', 'The client hung up.')
  }
}

type StoreErrorOptions = ErrorOptions & { mayHaveApplied?: boolean; advice?: string | undefined }

/** What a client reads of a DEADLINE_EXCEEDED. */
export const DEADLINE_DETAIL = 'The store did not answer within the time allowed for a request.'

/** The store did not do what was asked. */
export class StoreError extends ServiceError {
  /** Of a write: it could have been applied all the same. */
  readonly mayHaveApplied: boolean
  /** What an operator is to mend, where waiting does not; for the log, never for the client. */
  readonly advice: string | undefined

  constructor(code: ProblemCode, message: string, options: StoreErrorOptions = {}) {
    super(code, message, options)
    this.mayHaveApplied = options.mayHaveApplied ?? false
    this.advice = options.advice
  }
}

/** A write's event time is before the stored one's: 409. */
export class StaleWriteError extends StoreError {
  /** RFC 3339; the stored number where that is no time. */
  readonly storedEventTime: string

  constructor(storedEventTime: string, options?: StoreErrorOptions) {
    super('STALE_WRITE', `The store has features of a later event time, ${storedEventTime}.`, options)
    this.storedEventTime = storedEventTime
  }
}

/** How a category came out of a write as it should. */
export type WriteSuccess =
  | { status: 'replaced'; feature_count: number }
  | { status: 'merged'; feature_count: number; removed_count: number }
  | { status: 'deleted' }

/** How it did not. `unknown`: sent, but no telling reply; it may have been applied. */
export type WriteFailure = { status: 'failed' | 'unknown'; code: ProblemCode; stored_event_time?: string }

/** What became of one category of a write. */
export type WriteResult = WriteSuccess | WriteFailure

/** Results by category; of a write of several entities, by identifier and category. */
export type ResultsByCategory<Result = WriteResult> = Readonly<Record<string, Result>>
export type ResultsByEntity<Result = WriteResult> = Readonly<Record<string, ResultsByCategory<Result>>>

type WriteErrorOptions = {
  /** Each category's fate. */
  results: ResultsByCategory | ResultsByEntity
  /** For the log. */
  failures: readonly Error[]
  /** With STALE_WRITE: RFC 3339, the latest of those that were met. */
  storedEventTime?: string | undefined
}

/** At least one category of a write did not come out for certain as it should. */
export class WriteError extends ServiceError {
  readonly results: WriteErrorOptions['results']
  readonly failures: readonly Error[]
  readonly storedEventTime: string | undefined

  constructor(code: ProblemCode, message: string, { results, failures, storedEventTime }: WriteErrorOptions) {
    super(code, message)
    this.results = results
    this.failures = failures
    this.storedEventTime = storedEventTime
  }
}

function describeViolations(violations: readonly Violation[]): string {
  const [first] = violations
  if (!first) return 'The request is not valid.'
  const rest = violations.length - 1
  const more = rest > 0 ? ` (and ${rest} more, see errors)` : ''
  return `${first.path}: ${first.message}${more}`
}

/** Kinds of failure as metrics tell them apart; statuses that are not named here count with 400 or 500. */
const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  422: 'validation_error',
  429: 'rate_limit',
  499: 'aborted',
  500: 'internal_error',
  503: 'service_unavailable',
  504: 'gateway_timeout',
}

/** The kind of failure that a status of 400 or above is. */
export function errorTypeOfStatus(status: number): string {
  return ERROR_TYPES[status] ?? errorTypeOfStatus(status < 500 ? 400 : 500)
}

/** The kind of failure that was thrown; what is no ServiceError is a bug. */
export function errorTypeOf(error: unknown): string {
  return errorTypeOfStatus(error instanceof ServiceError ? PROBLEMS[error.code].status : 500)
}

/** Whether a failure is ours to mend, or hides one that is among those of a write. */
export function isBug(error: Error | undefined): boolean {
  if (error === undefined) return false
  return error instanceof WriteError ? error.failures.some(isBug) : errorTypeOf(error) === ERROR_TYPES[500]
}
