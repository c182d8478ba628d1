import { setTimeout as delay } from 'node:timers/promises'
import { fullJitter } from '../../dynamodb/calls/back-off.ts'
import { StaleWriteError, StoreError } from '../../errors.ts'

export type PatienceOptions = {
  /** Milliseconds of failures, with no answer to any of the calls, after which a failure counts. */
  giveUpAfterMs: number
  /** Told of each failure that is waited out. */
  onSetback: (error: StoreError) => void
  /** Whether nobody wants to wait any more. */
  isOver: () => boolean
  nowMs?: () => number
  wait?: (ms: number) => Promise<unknown>
}

const PASSING_CODES: readonly string[] = ['STORE_THROTTLED', 'STORE_UNAVAILABLE', 'DEADLINE_EXCEEDED']
const FIRST_CEILING_MS = 100
const MAX_CEILING_MS = 5000

/**
 * Makes what calls the store until it answers: a bulk command has time where a request has not. What an operator has to mend
 * (a missing table, a wrong host) is not waited out before the first answer; after it, the store may be away for a while.
 */
export function createPatience(options: PatienceOptions) {
  const { giveUpAfterMs, onSetback, isOver, nowMs = () => performance.now(), wait = delay } = options
  let lastAnswerMs: number | undefined

  /** Whether a failure of a call that has failed since so long is to be waited out. */
  function isWaitedOut(error: StoreError, failingSinceMs: number): boolean {
    if (error.advice !== undefined && lastAnswerMs === undefined) return false
    onSetback(error)
    const silentSinceMs = Math.max(failingSinceMs, lastAnswerMs ?? failingSinceMs)
    return !isOver() && nowMs() - silentSinceMs <= giveUpAfterMs
  }

  /** Calls once; returns what passes by itself, and notes everything else as an answer of the store. */
  async function attempt<Result>(call: () => Promise<Result>): Promise<{ result: Result } | { setback: StoreError }> {
    try {
      const result = await call()
      lastAnswerMs = nowMs()
      return { result }
    } catch (error) {
      if (isPassing(error)) return { setback: error }
      lastAnswerMs = nowMs()
      throw error
    }
  }

  /** @throws what the call threw last. */
  return async function persist<Result>(call: () => Promise<Result>): Promise<Result> {
    let failingSinceMs: number | undefined
    for (let turn = 1; ; turn += 1) {
      const outcome = await attempt(call)
      if ('result' in outcome) return outcome.result
      failingSinceMs ??= nowMs()
      if (!isWaitedOut(outcome.setback, failingSinceMs)) throw outcome.setback
      await wait(fullJitter(turn, FIRST_CEILING_MS, MAX_CEILING_MS))
    }
  }
}

function isPassing(error: unknown): error is StoreError {
  return error instanceof StoreError && !(error instanceof StaleWriteError) && PASSING_CODES.includes(error.code)
}
