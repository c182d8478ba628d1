import { setTimeout as delay } from 'node:timers/promises'
import { StaleWriteError, StoreError } from '../../errors.ts'

export type PatienceOptions = {
  /** Milliseconds without any success, of any of the calls, after which a failure counts. */
  giveUpAfterMs: number
  /** Told of each failure that is waited out. */
  onSetback: (error: StoreError) => void
  /** Whether nobody wants to wait any more. */
  isOver: () => boolean
}

const PASSING_CODES: readonly string[] = ['STORE_THROTTLED', 'STORE_UNAVAILABLE', 'DEADLINE_EXCEEDED']
const FIRST_CEILING_MS = 100
const MAX_CEILING_MS = 5000

/**
 * Makes what calls the store until it answers: a bulk command has time where a request has not. A failure that an operator has
 * to mend, a missing permission, is not waited out.
 */
export function createPatience({ giveUpAfterMs, onSetback, isOver }: PatienceOptions) {
  let lastSuccessMs = performance.now()

  /** @throws what the call threw last. */
  return async function persist<Result>(call: () => Promise<Result>): Promise<Result> {
    for (let turn = 0; ; turn += 1) {
      try {
        const result = await call()
        lastSuccessMs = performance.now()
        return result
      } catch (error) {
        if (!isPassing(error)) throw error
        onSetback(error)
        if (isOver() || performance.now() - lastSuccessMs > giveUpAfterMs) throw error
        // Full jitter, as src/dynamodb/calls/back-off.ts.
        await delay(Math.random() * Math.min(MAX_CEILING_MS, FIRST_CEILING_MS * 2 ** turn))
      }
    }
  }
}

function isPassing(error: unknown): error is StoreError {
  if (!(error instanceof StoreError) || error instanceof StaleWriteError) return false
  return error.advice === undefined && PASSING_CODES.includes(error.code)
}
