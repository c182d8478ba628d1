import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { ServiceError } from '../errors.ts'

async function plainHttp(app: FastifyInstance): Promise<void> {
  // RFC 9110, section 10.1.1: an expectation that is not known may be refused, and need not be.
  app.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    app.server.emit('request', request, response)
  })
  // RFC 9112, section 3.2.
  app.addHook('onRequest', async ({ raw: { httpVersion, headers } }) => {
    if (httpVersion === '1.1' && headers.host === undefined) {
      throw new ServiceError('MALFORMED_REQUEST', 'The request has no Host header.')
    }
  })
}

/** Takes over what Node would answer by itself, without a body, a request id and a line in the log. */
export const plainHttpPlugin = fastifyPlugin(plainHttp, { name: 'plain-http' })
