import { DEADLINE_DETAIL, RequestAbortedError, StoreError } from '../../errors.ts'
import type { EndSignal } from '../../request-scope.ts'
import { adviseOnCredentials, type CallSubject } from './store-advice.ts'
import { toStoreError } from './store-errors.ts'

/** How far one call has come: attempts made, those of them that DynamoDB throttled, and what became of the last. */
export type Progress = {
  made: number
  throttled: number
  /** Handed to the client, which first looks for credentials. */
  begun: boolean
  awaitingReply: boolean
  timedOut: boolean
  mayHaveApplied: boolean
  lastFailure: Error | undefined
  /** Bytes of the reply that was its answer. */
  replyBytes: number
}

/** A call that has not begun. */
export function startProgress(): Progress {
  return {
    made: 0,
    throttled: 0,
    begun: false,
    awaitingReply: false,
    timedOut: false,
    mayHaveApplied: false,
    lastFailure: undefined,
    replyBytes: 0,
  }
}

/** Notes that an attempt is sent. */
export function noteAttempt(progress: Progress): void {
  progress.made += 1
  progress.awaitingReply = true
}

/** Notes why an attempt failed. */
export function noteFailure(progress: Progress, error: Error, subject: CallSubject): void {
  const failure = toStoreError(error, subject)
  progress.awaitingReply = false
  progress.lastFailure = failure
  progress.timedOut = error.name === 'TimeoutError'
  if (failure instanceof StoreError && failure.code === 'STORE_THROTTLED') progress.throttled += 1
  if (failure instanceof StoreError && failure.mayHaveApplied) progress.mayHaveApplied = true
}

/**
 * Why a call ends when its deadline passes, or its client hangs up (RequestAbortedError). With no reply to the last attempt,
 * or before anything was sent: DEADLINE_EXCEEDED; while it backs off after a reply: that reply's error.
 */
export function endOf({ reason }: EndSignal, { begun, made, awaitingReply, timedOut, lastFailure }: Progress): Error {
  if (reason instanceof RequestAbortedError) return reason
  if (!awaitingReply && !timedOut && lastFailure) return lastFailure
  return new StoreError('DEADLINE_EXCEEDED', DEADLINE_DETAIL, {
    mayHaveApplied: awaitingReply,
    advice: begun && made === 0 ? adviseOnCredentials() : undefined,
  })
}
