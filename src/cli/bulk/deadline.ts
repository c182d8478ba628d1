import { createEnd, type RequestScope, startWork } from '../../request-scope.ts'

const TIME_IS_UP = new Error('the time of one call of a bulk command is up')

/** Runs one call, or several that belong together, within so many milliseconds. */
export async function withinMs<Result>(timeoutMs: number, call: (scope: RequestScope) => Promise<Result>): Promise<Result> {
  const startMs = performance.now()
  const { signal, end } = createEnd()
  const timer = setTimeout(end, timeoutMs, TIME_IS_UP)
  try {
    return await call({ signal, endsAtMs: startMs + timeoutMs, work: startWork(startMs) })
  } finally {
    clearTimeout(timer)
  }
}
