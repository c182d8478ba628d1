import type { FastifyInstance, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { ServiceError } from '../errors.ts'
import { decodeUtf8, parseJsonText } from '../json/parse-json.ts'
import { logBody } from './body-log.ts'
import { syncHook } from './sync-hook.ts'

/** A body as its route's schema would make it, read off its text; undefined: the schema is to see its JSON. */
type ReadBodyText = (text: string) => ReadonlyMap<string, unknown> | undefined

declare module 'fastify' {
  interface FastifyContextConfig {
    readBodyText?: ReadBodyText
  }
}

const JSON_TYPE = 'application/json'
const MERGE_PATCH_TYPE = 'application/merge-patch+json'
const OTHER_CHARSET = /;\s*charset\s*=\s*(?!"?utf-?8"?\s*(?:;|$))/i

async function jsonBody(app: FastifyInstance): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    [JSON_TYPE, MERGE_PATCH_TYPE],
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      request.work.arrivedMs = performance.now()
      logBody(request, 'request body', body)
      requireOwnType(request)
      requirePlainUtf8(request)
      return parseBody(body, request.routeOptions.config.readBodyText)
    },
  )
  // Fastify shows a missing body to the schema as null, which a client may have sent.
  app.addHook(
    'preValidation',
    syncHook((request) => {
      if (request.body === undefined && request.routeOptions.schema?.body) request.body = {}
    }),
  )
}

/** RFC 7396: what is merged is a patch's alone. */
function requireOwnType({ method, headers }: FastifyRequest): void {
  if (method === 'PATCH' || !(headers['content-type'] ?? '').toLowerCase().startsWith(MERGE_PATCH_TYPE)) return
  throw new ServiceError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as content-type: application/json.')
}

// RFC 9110, section 8.4: a content coding that is not understood is 415; RFC 8259, section 8.1: JSON is UTF-8.
function requirePlainUtf8({ headers }: FastifyRequest): void {
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw new ServiceError('UNSUPPORTED_MEDIA_TYPE', 'Send the body without content-encoding.')
  }
  if (OTHER_CHARSET.test(headers['content-type'] ?? '')) {
    throw new ServiceError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as JSON in UTF-8.')
  }
}

function parseBody(body: Buffer, readBodyText: ReadBodyText = () => undefined): unknown {
  if (body.length === 0) return undefined
  try {
    const text = decodeUtf8(body)
    return readBodyText(text) ?? parseJsonText(text)
  } catch (error) {
    if (error instanceof SyntaxError) throw new ServiceError('MALFORMED_JSON', `The body is not valid JSON: ${error.message}`)
    if (isDecodingError(error)) throw new ServiceError('MALFORMED_JSON', 'The body is not valid UTF-8.')
    throw error
  }
}

function isDecodingError(error: unknown): boolean {
  return error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
}

/** Bodies are JSON in UTF-8, a PATCH's a merge patch, too; their numbers kept digit for digit. Any other content type is 415. */
export const jsonBodyPlugin = fastifyPlugin(jsonBody, { name: 'json-body' })
