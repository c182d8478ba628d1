import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { isBug, type ServiceError } from '../errors.ts'
import { toServiceError } from './framework-errors.ts'
import { PROBLEM_TYPE, toProblem } from './problem.ts'
import { REQUEST_ID_HEADER } from './request-id.ts'

/** The one place where what was thrown becomes a reply: application/problem+json with a stable code. */
export function sendProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = toServiceError(thrown)
  noteFailure(error, request, reply)
  const { status, headers, body } = toProblem(error, { url: request.url, requestId: request.id })
  reply.header(REQUEST_ID_HEADER, request.id).headers(headers)
  // Fastify closes the connection after a body that it refuses, under clients that send all before they read. Kept open, Node
  // reads on and throws away; the slow-clients plugin closes it.
  if (!request.raw.complete) reply.removeHeader('connection')
  // Ready text: a response schema of the route must not get at it.
  return reply.code(status).type(PROBLEM_TYPE).send(JSON.stringify(body))
}

/** The request's log line tells of the failure; of a bug that shows only after that line was written, a line of its own. */
function noteFailure(error: ServiceError, request: FastifyRequest, reply: FastifyReply): void {
  if (request.work) request.work.failure = error
  if (reply.raw.closed && isBug(error)) request.log.error({ err: error }, 'failed after the client had gone')
}

async function errorHandler(app: FastifyInstance): Promise<void> {
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply))
}

/** Every error of every route through sendProblem. */
export const errorHandlerPlugin = fastifyPlugin(errorHandler, { name: 'error-handler' })
