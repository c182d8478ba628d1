import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Connections } from './connections.ts'
import { fromParserError } from './framework-errors.ts'
import { PROBLEM_TYPE, toProblem } from './problem.ts'
import { REQUEST_ID_HEADER, requestIdOf } from './request-id.ts'
import { ABORTED_STATUS } from './request-outcome.ts'
import type { Answer, RequestWatch } from './request-watch.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

// An import would load http's WebSocket too, and with it all of Node's fetch: a twentieth of a start.
const { STATUS_CODES } = process.getBuiltinModule('node:http')

type ParserError = Error & { code?: string }

// The client closed its side before the request's end. Whether it still reads nobody knows: it is answered, and is a hang-up.
const ENDED_EARLY = 'HPE_INVALID_EOF_STATE'

type ParserErrorOptions = { watch: Pick<RequestWatch, 'tellOfNone' | 'answeredInstead'>; open: Connections }

/**
 * Answers what Node's parser could not read, of which Fastify never hears: no method, URL or inbound request id are known.
 * The whole requests before it on the same connection get their own answers first. A request of which only the end could not
 * be read is told of as itself, with this answer; what was no request yet, as an outcome without a route.
 */
export function createParserErrorHandler({ watch: { tellOfNone, answeredInstead }, open }: ParserErrorOptions) {
  // Node tells of each further piece of what is broken, too.
  const broken = new WeakSet<Socket>()

  return (error: ParserError, socket: Socket): void => {
    if (broken.has(socket)) return
    broken.add(socket)
    const replies = [...(open.get(socket) ?? [])]
    const lastWhole = replies.findLast(({ req, writableFinished }) => req.complete && !writableFinished)
    const cutOff = replies.find(({ req }) => !req.complete)
    if (lastWhole) lastWhole.once('finish', () => answerBroken(error, socket, cutOff))
    else answerBroken(error, socket, cutOff)
  }

  function answerBroken(error: ParserError, socket: Socket, cutOff: ServerResponse | undefined): void {
    if (!cutOff) {
      answerNoRequest(error, socket)
    } else if (cutOff.headersSent) {
      socket.destroySoon() // it has its answer, or part of one
    } else {
      const answered = answer(error, socket, requestIdOf(cutOff.req))
      if (answered && error.code !== ENDED_EARLY) answeredInstead(cutOff, answered)
    }
  }

  function answerNoRequest(error: ParserError, socket: Socket): void {
    const requestId = randomUUID()
    const answered = answer(error, socket, requestId)
    if (!answered) return
    const outcome = { ...NO_REQUEST, requestId, clientIp: socket.remoteAddress }
    if (error.code === ENDED_EARLY) tellOfNone({ ...outcome, bytes: 0, failure: undefined }, ABORTED_STATUS)
    else tellOfNone({ ...outcome, bytes: answered.bytes, failure: answered.failure }, answered.status)
  }
}

function answer(error: ParserError, socket: Socket, requestId: string): Answer | undefined {
  // A connection that was opened in advance and never used is no request.
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesRead === 0) {
    socket.destroy()
    return undefined
  }
  const failure = fromParserError(error)
  const { status, body } = toProblem(failure, { url: '', requestId })
  const text = JSON.stringify(body)
  const bytes = Buffer.byteLength(text)
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: ${PROBLEM_TYPE}\r\n` +
      `content-length: ${bytes}\r\n${REQUEST_ID_HEADER}: ${requestId}\r\n${SECURITY_LINES}\r\n${text}`,
  )
  return { status, bytes, failure }
}

const SECURITY_LINES = Object.entries(SECURITY_HEADERS)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('')

const NO_REQUEST = {
  url: '',
  isSlow: false,
  durationMs: 0,
  userAgent: undefined,
  traceparent: undefined,
  keyName: undefined,
  subject: undefined,
  storeCalls: 0,
  storeMs: 0,
} as const
