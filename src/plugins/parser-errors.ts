import { randomUUID } from 'node:crypto'
import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { fromParserError } from './framework-errors.ts'
import { PROBLEM_TYPE, toProblem } from './problem.ts'
import { REQUEST_ID_HEADER } from './request-id.ts'
import type { Answer, RequestWatch } from './request-watch.ts'
import { UNMATCHED } from './route-labels.ts'

type ParserError = Error & { code?: string }

const lastReplies = new WeakMap<Socket, ServerResponse>()

/**
 * Answers what Node's parser could not read, of which Fastify never hears: no method, URL or inbound request id are known.
 * A whole request before it on the same connection gets its own answer first. A request of which only the end could not be
 * read is told of as itself, with this answer; what was no request yet, as an outcome without a route.
 */
export function createParserErrorHandler({ tell, answeredInstead }: Pick<RequestWatch, 'tell' | 'answeredInstead'>) {
  return (error: ParserError, socket: Socket): void => {
    const pending = lastReplies.get(socket)
    if (pending?.req.complete && !pending.writableFinished) {
      pending.once('finish', () => tellOfNone(answer(error, socket)))
      return
    }
    const answered = answer(error, socket)
    if (pending?.req.complete === false && answered) answeredInstead(pending, answered)
    else tellOfNone(answered)
  }

  function tellOfNone(answered: ParserAnswer | undefined): void {
    if (answered) tell({ ...NO_REQUEST, ...answered })
  }
}

type ParserAnswer = Answer & { requestId: string; clientIp: string | undefined }

function answer(error: ParserError, socket: Socket): ParserAnswer | undefined {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return undefined
  }
  const requestId = randomUUID()
  const failure = fromParserError(error)
  const { status, body } = toProblem(failure, { url: '', requestId })
  const text = JSON.stringify(body)
  const bytes = Buffer.byteLength(text)
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: ${PROBLEM_TYPE}\r\n` +
      `content-length: ${bytes}\r\n${REQUEST_ID_HEADER}: ${requestId}\r\n\r\n${text}`,
  )
  return { status, bytes, failure, requestId, clientIp: socket.remoteAddress }
}

const NO_REQUEST = {
  method: 'unknown',
  url: '',
  labels: UNMATCHED,
  isSlow: false,
  durationMs: 0,
  userAgent: undefined,
  traceparent: undefined,
  subject: undefined,
  storeCalls: 0,
  storeMs: 0,
} as const

async function parserErrors(app: FastifyInstance): Promise<void> {
  app.server.on('request', (request, response) => lastReplies.set(request.socket, response))
}

/** Lets the parser error handler, Fastify's clientErrorHandler, know which replies are under way. */
export const parserErrorsPlugin = fastifyPlugin(parserErrors, { name: 'parser-errors' })
