import type { FastifyRequest } from 'fastify'
import type { RequestScope, RequestSubject } from '../request-scope.ts'

/** Notes what a checked request is about, and gives it the scope that it carries down: its deadline and its account. */
export type BeginWork = (request: Pick<FastifyRequest, 'work'>, subject: RequestSubject) => RequestScope
