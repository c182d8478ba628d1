import type { Parameters } from 'fast-check'

const { FUZZ_SCALE, FUZZ_SEED } = process.env

/** How many times as much as usual is tried: FUZZ_SCALE, 1 when not set. */
export const fuzzScale = Number(FUZZ_SCALE ?? 1)

/** Milliseconds that a test may take which tries usually as much as 50 s allow. */
export const FUZZ_TIMEOUT_MS = 60_000 * Math.max(1, fuzzScale)

/**
 * How much a property is tried. Its failure prints a seed, with which FUZZ_SEED tries the same again; shrinking a
 * counterexample is cut short, so that it is shown and not the test's own timeout.
 */
export function fuzzRuns(usualRuns: number): Parameters<unknown> {
  return {
    numRuns: Math.ceil(usualRuns * fuzzScale),
    interruptAfterTimeLimit: FUZZ_TIMEOUT_MS - 10_000,
    markInterruptAsFailure: true,
    ...(FUZZ_SEED === undefined ? {} : { seed: Number(FUZZ_SEED) }),
  }
}
