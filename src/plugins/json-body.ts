import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { ServiceError } from '../errors.ts'
import { parseJson } from '../json/parse-json.ts'

async function jsonBody(app: FastifyInstance): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => parseBody(body))
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) return undefined
  try {
    return parseJson(body)
  } catch (error) {
    if (error instanceof SyntaxError) throw new ServiceError('MALFORMED_JSON', `The body is not valid JSON: ${error.message}`)
    if (isDecodingError(error)) throw new ServiceError('MALFORMED_JSON', 'The body is not valid UTF-8.')
    throw error
  }
}

function isDecodingError(error: unknown): boolean {
  return error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
}

/** Bodies are JSON in UTF-8, their numbers kept digit for digit; any other content type is 415. */
export const jsonBodyPlugin = fastifyPlugin(jsonBody, { name: 'json-body' })
