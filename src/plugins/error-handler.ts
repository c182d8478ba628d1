import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { PROBLEMS, type ServiceError, WriteError } from '../errors.ts'
import { toServiceError } from './framework-errors.ts'
import { PROBLEM_TYPE, toProblem } from './problem.ts'
import { REQUEST_ID_HEADER } from './request-id.ts'

/** The one place where what was thrown becomes a reply: application/problem+json with a stable code. */
export function sendProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = toServiceError(thrown)
  logFailures(error, request)
  const { status, headers, body } = toProblem(error, { url: request.url, requestId: request.id })
  reply.header(REQUEST_ID_HEADER, request.id).headers(headers)
  // Ready text: a response schema of the route must not get at it.
  return reply.code(status).type(PROBLEM_TYPE).send(JSON.stringify(body))
}

/** One line for each code: of a write, any of many categories may hide a failure of another kind. */
function logFailures(error: ServiceError, request: FastifyRequest): void {
  const failures = error instanceof WriteError ? error.failures.map(toServiceError) : [error]
  const byCode = new Map(failures.map((failure) => [failure.code, failure]))
  for (const [code, err] of byCode) {
    // Error is what is ours to mend. What is not ready was logged when it turned so.
    if (code === 'INTERNAL') request.log.error({ err, code }, err.message)
    else if (PROBLEMS[code].status >= 500 && code !== 'NOT_READY') request.log.warn({ err, code }, err.message)
  }
}

async function errorHandler(app: FastifyInstance): Promise<void> {
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply))
}

/** Every error of every route through sendProblem. */
export const errorHandlerPlugin = fastifyPlugin(errorHandler, { name: 'error-handler' })
