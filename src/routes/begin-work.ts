import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RequestScope, RequestSubject } from '../request-scope.ts'

/**
 * Notes what a checked request is about, and gives it the scope that it carries down: until when it may wait, which ends when
 * the client hangs up, and its account.
 */
export type BeginWork = (
  request: Pick<FastifyRequest, 'work'>,
  reply: Pick<FastifyReply, 'raw'>,
  subject: RequestSubject,
) => RequestScope
