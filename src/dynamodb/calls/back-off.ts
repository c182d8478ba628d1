import { RequestAbortedError } from '../../errors.ts'
import { type EndSignal, pause } from '../../request-scope.ts'

const FIRST_CEILING_MS = 25
const MAX_CEILING_MS = 400

/**
 * Waits with full jitter: anything up to 25 ms the first time, twice that with each `turn`, up to 400 ms.
 * Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
 * @param turn 1 for the first wait.
 * @throws RequestAbortedError when the client hangs up meanwhile; what `atDeadline` makes when the time is up.
 */
export async function backOff(turn: number, signal: EndSignal, atDeadline: (cause: unknown) => Error): Promise<void> {
  try {
    await pause(fullJitter(turn, FIRST_CEILING_MS, MAX_CEILING_MS), signal)
  } catch (cause) {
    throw signal.reason instanceof RequestAbortedError ? signal.reason : atDeadline(cause)
  }
}

/** Milliseconds to wait: anything up to `firstMs`, twice that with each turn, up to `maxMs`. */
export function fullJitter(turn: number, firstMs: number, maxMs: number): number {
  return Math.random() * Math.min(maxMs, firstMs * 2 ** (turn - 1))
}
