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
    const ending = await endingOf(call)
    const durationMs = performance.now() - startedMs

    const { series, errorSeries } = seriesOf(ending)
    series.record(`${name}.duration`, durationMs)
    if (ending.ok) {
      series.count(`${name}.success`)
      return ending.result
    }
    const errorType = errorTypeOf(ending.error)
    const notFound = `${name}.not_found`
    if (errorType === 'not_found' && isCounter(notFound)) series.count(notFound)
    else errorSeries(errorType).count(`${name}.error`)
    throw ending.error
  }
}

async function endingOf<Result>(call: () => Promise<Result>): Promise<Ending<Result>> {
  try {
    return { ok: true, result: await call() }
  } catch (error) {
    return { ok: false, error }
  }
}
