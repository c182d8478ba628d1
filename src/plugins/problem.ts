import {
  AccessError,
  MethodNotAllowedError,
  PROBLEMS,
  problemType,
  RateLimitError,
  type ServiceError,
  ValidationError,
  WriteError,
} from '../errors.ts'
import { pathOf } from './request-path.ts'

export const PROBLEM_TYPE = 'application/problem+json'

const RETRY_AFTER_SECONDS = '1'

/** Where a problem occurred: the URL asked for and the request's id. */
export type Occurrence = { url: string; requestId: string }

/** An error as RFC 9457 shows it to a client: status, body, and the headers that go with the status. */
export function toProblem(error: ServiceError, { url, requestId }: Occurrence) {
  const { status, title } = PROBLEMS[error.code]
  return {
    status,
    headers: headersFor(error, status),
    body: {
      type: problemType(error.code),
      title,
      status,
      detail: error.message,
      instance: pathOf(url),
      code: error.code,
      request_id: requestId,
      ...(error instanceof ValidationError ? { errors: error.violations } : {}),
      ...(error instanceof WriteError ? writeMembers(error) : {}),
    },
  }
}

function writeMembers({ storedEventTime, results }: WriteError) {
  return storedEventTime === undefined ? { results } : { stored_event_time: storedEventTime, results }
}

function headersFor(error: ServiceError, status: number): Record<string, string> {
  if (error instanceof MethodNotAllowedError) return { allow: error.allow.join(', ') }
  if (error instanceof AccessError) return { 'www-authenticate': error.challenge }
  if (error instanceof RateLimitError) return { 'retry-after': String(error.retryAfterSeconds) }
  return status >= 503 ? { 'retry-after': RETRY_AFTER_SECONDS } : {}
}
