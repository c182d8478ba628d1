import { type CallName, isCounter } from './catalog.ts'
import type { Series } from './series.ts'

/** How a call ended: with what it returned, or with what it threw. */
export type Ending<Result> = { ok: true; result: Result } | { ok: false; error: unknown }

/** Where a call's metrics go: all of them but `.error`, which has the error's type as a tag more. */
export type CallSeries = { series: Series; errorSeries: (errorType: string) => Series }

/**
 * Runs a call and measures it; what the call returns or throws passes through. `seriesOf` chooses the tags once the ending
 * is known, for only then is it known what was found.
 */
export type TimeCall = <Result>(
  name: CallName,
  call: () => Promise<Result>,
  seriesOf: (ending: Ending<Result>) => CallSeries,
) => Promise<Result>

/**
 * The one wrapper that times a call, an operation's or DynamoDB's: `<name>.duration`, and one of `<name>.success`,
 * `<name>.not_found` and `<name>.error`.
 * @param errorTypeOf the `error_type` of what was thrown; `not_found` is no error.
 */
export function createTimeCall(errorTypeOf: (error: unknown) => string): TimeCall {
  return async (name, call, seriesOf) => {
    const startedMs = performance.now()
    let result: Awaited<ReturnType<typeof call>>
    try {
      result = await call()
    } catch (error) {
      const durationMs = performance.now() - startedMs
      countFailure(name, errorTypeOf(error), durationMs, seriesOf({ ok: false, error }))
      throw error
    }
    const durationMs = performance.now() - startedMs
    const { series } = seriesOf({ ok: true, result })
    const { duration, success } = namesOf(name)
    series.record(duration, durationMs)
    series.count(success)
    return result
  }
}

const namesByCall = new Map<CallName, ReturnType<typeof putTogether>>()

/** The names of a call's metrics, put together once: a new text has to be hashed anew to be looked up. */
function namesOf(name: CallName) {
  const known = namesByCall.get(name)
  if (known) return known
  const names = putTogether(name)
  namesByCall.set(name, names)
  return names
}

function putTogether<Name extends CallName>(name: Name) {
  return { duration: `${name}.duration`, success: `${name}.success` } as const
}

function countFailure(name: CallName, errorType: string, durationMs: number, { series, errorSeries }: CallSeries): void {
  series.record(namesOf(name).duration, durationMs)
  const notFound = `${name}.not_found`
  if (errorType === 'not_found' && isCounter(notFound)) series.count(notFound)
  else errorSeries(errorType).count(`${name}.error`)
}
