/** What a connection brought is no reply in HTTP/1. */
export class HttpReplyError extends Error {
  /** A code is what tells a connection's failure from a bug. */
  readonly code = 'UNREADABLE_REPLY'

  constructor(reason: string) {
    super(`The reply cannot be read: ${reason}.`)
    this.name = 'HTTPParserError'
  }
}

/** A request cannot be written as HTTP/1: nothing was sent. */
export class HttpRequestError extends Error {
  readonly code = 'UNSENDABLE_REQUEST'

  /** `part`: which of its parts, without its value, which may be a secret. */
  constructor(part: string) {
    super(`The request cannot be sent: its ${JSON.stringify(part)} has characters that it may not have.`)
    this.name = 'HttpRequestError'
  }
}

/** The client was closed, with the request under way or not. */
export function closedError(): Error {
  return Object.assign(new Error('the client is closed'), { code: 'CLIENT_CLOSED' })
}

const RESET = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT'])

/** The name by which the SDK's retries know a time limit. */
export function timeoutError(message: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { name: 'TimeoutError' })
}

/** The name by which the SDK knows that nobody waits any more. */
export function abortError(): Error {
  return Object.assign(new Error('the request was ended'), { name: 'AbortError' })
}

/** A connection that ended before its reply did, by the name and code by which the SDK's retries know it. */
export function hangUpError(cause?: unknown): Error {
  return Object.assign(timeoutError('socket hang up', cause), { code: 'ECONNRESET' })
}

/** A socket's error by the name by which the SDK's retries know one that may pass; others as they are. */
export function connectionError(error: Error & { code?: string }): Error {
  return RESET.has(error.code ?? '') ? Object.assign(error, { name: 'TimeoutError' }) : error
}
