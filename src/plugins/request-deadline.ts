import type { FastifyReply, FastifyRequest } from 'fastify'
import { RequestAbortedError, ServiceError } from '../errors.ts'
import type { RequestScope, RequestSubject } from '../request-scope.ts'

/**
 * Gives requests their scopes. A scope's signal fires when the request's time is up, counted from its body's last byte so
 * that the reading of a large one is within, or when the client hangs up before the last byte of its reply, which is what its reason then is: RequestAbortedError.
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
    const timer = setTimeout(() => controller.abort(timeIsUp()), Math.max(0, endsAtMs - performance.now()))
    function endWork(): void {
      clearTimeout(timer)
      // After its answer, too: what one failure has left running, such as the other batches of a read, ends here.
      controller.abort(new RequestAbortedError())
    }
    if (raw.closed) endWork()
    else raw.once('close', endWork)
    return { signal: controller.signal, endsAtMs, work }
  }
}

function timeIsUp(): ServiceError {
  return new ServiceError('DEADLINE_EXCEEDED', 'The time allowed for a request is up.')
}
