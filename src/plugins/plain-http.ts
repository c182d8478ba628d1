import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { ServiceError } from '../errors.ts'
import { syncHook } from './sync-hook.ts'

/** `rawHeaders`: names and values in turn, as Node has them. */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1
  }
  return count
}

async function plainHttp(app: FastifyInstance): Promise<void> {
  // RFC 9110, section 10.1.1: an expectation that is not known may be refused, and need not be.
  app.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    app.server.emit('request', request, response)
  })
  // Node would invite every body; here only those of requests that are let in.
  app.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    app.server.emit('request', request, response)
  })
  app.addHook('preParsing', ({ headers }, reply, payload, done) => {
    if (headers.expect?.toLowerCase() === '100-continue') reply.raw.writeContinue()
    done(null, payload)
  })
  // RFC 9112, section 3.2.
  app.addHook(
    'onRequest',
    syncHook(({ raw: { httpVersion, rawHeaders, url } }) => {
      const hosts = countHosts(rawHeaders)
      if (hosts > 1 || (hosts === 0 && httpVersion === '1.1')) {
        throw new ServiceError('MALFORMED_REQUEST', 'The request needs one Host header.')
      }
      // The router would cut the path off there, and another entity would be read or written.
      if (url?.includes('#')) throw new ServiceError('MALFORMED_URL', 'A # in the URL must be percent-encoded: %23.')
    }),
  )
}

/** Takes over what Node would answer by itself, without a body, a request id and a line in the log. */
export const plainHttpPlugin = fastifyPlugin(plainHttp, { name: 'plain-http' })
