import { type ProblemCode, ServiceError } from '../errors.ts'

type CodedError = { code?: unknown; statusCode?: unknown }

/** Fastify's own errors, by their code, as ours. */
const FASTIFY_ERRORS: Readonly<Record<string, { code: ProblemCode; detail: string }>> = {
  FST_ERR_BAD_URL: { code: 'MALFORMED_URL', detail: 'The path is not valid percent-encoded UTF-8.' },
  FST_ERR_MAX_PARAM_LENGTH: { code: 'URL_TOO_LONG', detail: 'A segment of the path is too long.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: 'UNSUPPORTED_MEDIA_TYPE', detail: 'Send the body as content-type: application/json.' },
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'BODY_TOO_LARGE', detail: 'The body is over the size limit. Send it as several requests.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { code: 'MALFORMED_REQUEST', detail: 'The body is not as long as content-length says.' },
}

/** Node's parser errors, by their code, as ours. */
const PARSER_ERRORS: Readonly<Record<string, { code: ProblemCode; detail: string }>> = {
  HPE_HEADER_OVERFLOW: { code: 'HEADERS_TOO_LARGE', detail: 'The URL and headers together are over 16 KB.' },
  ERR_HTTP_REQUEST_TIMEOUT: { code: 'REQUEST_TIMEOUT', detail: 'The request did not arrive in time.' },
}

/** Whatever was thrown, as an error that a client may see; a bug becomes INTERNAL, which tells nothing. */
export function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error
  const { code, statusCode } = (error ?? {}) as CodedError
  const known = typeof code === 'string' ? FASTIFY_ERRORS[code] : undefined
  if (known) return new ServiceError(known.code, known.detail, { cause: error })
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new ServiceError('MALFORMED_REQUEST', 'The request cannot be read.', { cause: error })
  }
  return new ServiceError('INTERNAL', 'An internal error occurred. Its request id finds it in the logs.', { cause: error })
}

/** An error of Node's HTTP parser as ours. */
export function fromParserError(error: { code?: string }): ServiceError {
  const known = PARSER_ERRORS[error.code ?? '']
  return new ServiceError(known?.code ?? 'MALFORMED_REQUEST', known?.detail ?? 'The request is not valid HTTP.', { cause: error })
}
