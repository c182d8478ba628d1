import type { FastifyReply, FastifyRequest } from 'fastify'
import { RequestAbortedError } from '../errors.ts'
import { createEnd, type RequestScope, type RequestSubject } from '../request-scope.ts'

// One of each for all requests: each one's end would cost a stack.
const ENDED = new RequestAbortedError()
const TIME_IS_UP = new Error("the request's time is up")

/**
 * Gives requests their scopes. A scope's signal fires when the request's time is up, counted from its body's last byte so
 * that the reading of a large one is within. It also fires, with a RequestAbortedError as its reason, when the reply's
 * connection is done with it: because the client hung up, or has its answer, and nobody waits for what is still under way.
 * @param timeoutMs milliseconds.
 */
export function createBeginWork(timeoutMs: number) {
  return function beginWork(
    { work }: Pick<FastifyRequest, 'work'>,
    { raw }: Pick<FastifyReply, 'raw'>,
    subject: RequestSubject,
  ): RequestScope {
    work.subject = subject
    const { signal, end } = createEnd()
    const endsAtMs = work.arrivedMs + timeoutMs
    const timer = setTimeout(end, Math.max(0, endsAtMs - performance.now()), TIME_IS_UP)
    function endWork(): void {
      clearTimeout(timer)
      end(ENDED)
    }
    if (raw.closed) endWork()
    else work.atClose.push(endWork)
    return { signal, endsAtMs, work }
  }
}
