import type { RequestSubject, RequestWork } from '../request-scope.ts'
import type { RouteLabels } from './route-labels.ts'

/** What became of one request: the one source of its log line and of its metrics. */
export type RequestOutcome = {
  requestId: string
  method: string
  url: string
  labels: RouteLabels
  /** The reply's status; ABORTED_STATUS where the client hung up before its last byte. */
  status: number
  isSlow: boolean
  durationMs: number
  /** Of the reply's body, as sent. */
  bytes: number
  clientIp: string | undefined
  userAgent: string | undefined
  /** As it came, unchecked. */
  traceparent: string | string[] | undefined
  subject: RequestSubject | undefined
  storeCalls: number
  /** Of durationMs, the milliseconds in which at least one DynamoDB call was under way. */
  storeMs: number
  /** What the client was told instead of a success. */
  failure: Error | undefined
}

export type OutcomeObserver = (outcome: RequestOutcome) => void

/** Not one of HTTP's: what nginx writes for a client that closed its connection, and dashboards know. */
export const ABORTED_STATUS = 499

declare module 'fastify' {
  interface FastifyRequest {
    /** The account of what is done for the request. */
    work: RequestWork
  }
}
