import { isBug, type ProblemCode, ServiceError, StoreError, WriteError } from '../errors.ts'
import { withoutPrivateValues } from './private-url.ts'
import { ABORTED_STATUS, type OutcomeObserver, perKind, type RequestOutcome } from './request-outcome.ts'
import { isHealth } from './route-labels.ts'

const MAX_USER_AGENT_LENGTH = 256
// An IPv6 address that holds an IPv4 one; a trusted proxy may send anything in its place.
const MAX_ADDRESS_LENGTH = 45

// W3C Trace Context, section 3.2: version, trace-id, parent-id, trace-flags; no ff, and no ids of zeros.
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

type Fields = Record<string, unknown>

/** What writes the lines: a pino logger, or what acts as one. */
export type RequestLogger = Record<'debug' | 'info' | 'warn' | 'error', (fields: Fields, message: string) => void> & {
  child: (bindings: Fields) => RequestLogger
}

/**
 * One wide line for each request: who asked, for what, how it ended, how long it took and where the time went. Levels:
 * `error` for 5xx and bugs, `warn` for 4xx, hang-ups and what is slow, `info` for the rest, `debug` for /health.
 */
export function createRequestLog(logger: RequestLogger): OutcomeObserver {
  // What all lines of a kind share is written out once.
  const loggerOf = perKind(({ method, status, labels: { route, operation } }) => {
    return logger.child({ method, route, operation, status })
  })
  return (outcome) => {
    const level = levelOf(outcome)
    const message = isAborted(outcome) ? 'request aborted by the client' : 'request completed'
    loggerOf(outcome.kind)[level](lineOf(outcome, level), message)
  }
}

function levelOf({ kind: { labels, status }, isSlow, failure }: RequestOutcome): 'debug' | 'info' | 'warn' | 'error' {
  if (isBug(failure)) return 'error'
  if (isHealth(labels)) return 'debug'
  if (status >= 500) return codeOf(failure) === 'OVERLOADED' ? 'warn' : 'error'
  return status >= 400 || isSlow ? 'warn' : 'info'
}

function isAborted({ kind }: RequestOutcome): boolean {
  return kind.status === ABORTED_STATUS
}

// Loggers leave out what is undefined.
function lineOf(outcome: RequestOutcome, level: string) {
  const { subject, failure } = outcome
  return {
    request_id: outcome.requestId,
    traceparent: traceparentOf(outcome),
    url: withoutPrivateValues(outcome.url),
    duration_ms: toThousandths(outcome.durationMs),
    bytes: outcome.bytes,
    client_ip: outcome.clientIp?.slice(0, MAX_ADDRESS_LENGTH),
    user_agent: outcome.userAgent?.slice(0, MAX_USER_AGENT_LENGTH),
    table_type: subject?.tableType,
    entities: subject?.entities,
    categories: subject?.categories,
    dynamodb_calls: outcome.storeCalls,
    dynamodb_ms: toThousandths(outcome.storeMs),
    key: outcome.keyName,
    error_code: codeOf(failure),
    reason: failure && reasonOf(failure),
    advice: failure && adviceOf(failure),
    slow: outcome.isSlow || undefined,
    aborted: isAborted(outcome) || undefined,
    err: level === 'error' ? failure : undefined,
  }
}

function codeOf(failure: Error | undefined): ProblemCode | undefined {
  return failure instanceof ServiceError ? failure.code : undefined
}

/** What an operator is to mend; of a write, for the first of its failures that tells. */
function adviceOf(failure: Error): string | undefined {
  const failures = failure instanceof WriteError ? failure.failures : [failure]
  return failures.filter((one) => one instanceof StoreError).find(({ advice }) => advice !== undefined)?.advice
}

function traceparentOf({ traceparent }: RequestOutcome): string | undefined {
  return typeof traceparent === 'string' && TRACEPARENT.test(traceparent) ? traceparent : undefined
}

/** The sentence that the client read, unless it quotes the body, in which feature values may be. */
function reasonOf(failure: Error): string {
  const isQuoting = failure instanceof ServiceError && failure.code === 'MALFORMED_JSON'
  return isQuoting ? 'The body is not valid JSON.' : failure.message
}

function toThousandths(value: number): number {
  return Math.round(value * 1000) / 1000
}
