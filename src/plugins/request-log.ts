import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'

async function requestLog(app: FastifyInstance): Promise<void> {
  app.addHook('onResponse', async (request, reply) => {
    logRequest(request, reply)
  })

  // onResponse does not run when the client hangs up first.
  app.addHook('onRequestAbort', async (request) => {
    request.log.info(describe(request), 'request aborted by the client')
  })
}

function logRequest(request: FastifyRequest, reply: FastifyReply): void {
  const line = { ...describe(request), status_code: reply.statusCode, duration_ms: Math.round(reply.elapsedTime * 1000) / 1000 }
  if (request.routeOptions.url?.startsWith('/health')) request.log.debug(line, 'request completed')
  else request.log.info(line, 'request completed')
}

// The route's pattern and not the address, which holds an entity's identifier.
function describe(request: FastifyRequest) {
  const { url, config } = request.routeOptions
  return { method: request.method, route: url ?? 'unmatched', operation: config.operation }
}

/** One line a request, with its id; /health at debug level. */
export const requestLogPlugin = fastifyPlugin(requestLog, { name: 'request-log' })
