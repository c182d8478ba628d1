import type { FastifyReply, FastifyRequest } from 'fastify'
import { RequestAbortedError, ServiceError } from '../errors.ts'
import type { RequestScope, RequestSubject } from '../request-scope.ts'

/**
 * Gives requests their scopes. A scope's signal fires when the request's time is up, counted from here, or when the client
 * hangs up before the last byte of its reply, which is what its reason then is: RequestAbortedError.
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
    const timer = setTimeout(() => controller.abort(timeIsUp()), timeoutMs)
    function endWork(): void {
      clearTimeout(timer)
      if (!raw.writableFinished) controller.abort(new RequestAbortedError())
    }
    if (raw.closed) endWork()
    else raw.once('close', endWork)
    return { signal: controller.signal, work }
  }
}

function timeIsUp(): ServiceError {
  return new ServiceError('DEADLINE_EXCEEDED', 'The time allowed for a request is up.')
}
