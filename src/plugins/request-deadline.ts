import type { FastifyReply, FastifyRequest } from 'fastify'
import { RequestAbortedError } from '../errors.ts'
import type { RequestScope, RequestSubject } from '../request-scope.ts'

// One for all requests: each one's end would cost a stack.
const ENDED = new RequestAbortedError()

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
    const controller = new AbortController()
    const endsAtMs = work.arrivedMs + timeoutMs
    const timer = setTimeout(() => controller.abort(), Math.max(0, endsAtMs - performance.now()))
    function endWork(): void {
      clearTimeout(timer)
      controller.abort(ENDED)
    }
    if (raw.closed) endWork()
    else raw.once('close', endWork)
    return { signal: controller.signal, endsAtMs, work }
  }
}
