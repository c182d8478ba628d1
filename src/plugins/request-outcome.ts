import { PROBLEMS } from '../errors.ts'
import type { RequestSubject, RequestWork } from '../request-scope.ts'
import type { RouteLabels } from './route-labels.ts'

/** What many requests share: one object for all of them, so that what is made of it is made once. */
export type OutcomeKind = Readonly<{
  labels: RouteLabels
  method: string
  /** The reply's status; ABORTED_STATUS where the client hung up before its last byte. */
  status: number
}>

/** What became of one request: the one source of its log line and of its metrics. */
export type RequestOutcome = {
  kind: OutcomeKind
  requestId: string
  url: string
  isSlow: boolean
  durationMs: number
  /** Of the reply's body, as sent. */
  bytes: number
  clientIp: string | undefined
  userAgent: string | undefined
  /** As it came, unchecked. */
  traceparent: string | string[] | undefined
  /** The name of the key that let it in. */
  keyName: string | undefined
  subject: RequestSubject | undefined
  storeCalls: number
  /** Of durationMs, the milliseconds in which at least one DynamoDB call was under way. */
  storeMs: number
  /** What the client was told instead of a success. */
  failure: Error | undefined
}

export type OutcomeObserver = (outcome: RequestOutcome) => void

/** Not one of HTTP's: what nginx writes for a client that closed its connection, and dashboards know. */
export const ABORTED_STATUS = PROBLEMS.REQUEST_ABORTED.status

/** Finds the one object of each kind. */
export function createOutcomeKinds() {
  const byRoute = new Map<RouteLabels, Map<string, OutcomeKind>>()
  return (labels: RouteLabels, method: string, status: number): OutcomeKind => {
    const ofRoute = byRoute.get(labels) ?? new Map<string, OutcomeKind>()
    const key = `${method} ${status}`
    const known = ofRoute.get(key)
    if (known) return known
    const kind = Object.freeze({ labels, method, status })
    ofRoute.set(key, kind)
    byRoute.set(labels, ofRoute)
    return kind
  }
}

/** A function of a kind that is worked out once for each. */
export function perKind<Value>(make: (kind: OutcomeKind) => Value): (kind: OutcomeKind) => Value {
  const made = new Map<OutcomeKind, Value>()
  return (kind) => {
    const known = made.get(kind)
    if (known !== undefined) return known
    const value = make(kind)
    made.set(kind, value)
    return value
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The account of what is done for the request. */
    work: RequestWork
  }
}
