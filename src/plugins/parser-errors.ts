import { randomUUID } from 'node:crypto'
import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { fromParserError } from './framework-errors.ts'
import { PROBLEM_TYPE, toProblem } from './problem.ts'
import { REQUEST_ID_HEADER } from './request-id.ts'

const lastReplies = new WeakMap<Socket, ServerResponse>()

/**
 * Answers what Node's parser could not read, of which Fastify never hears: no URL and no inbound request id are known.
 * A whole request before it on the same connection gets its own answer first.
 */
export function answerParserError(error: Error & { code?: string }, socket: Socket): void {
  const pending = lastReplies.get(socket)
  if (pending?.req.complete && !pending.writableFinished) pending.once('finish', () => answer(error, socket))
  else answer(error, socket)
}

function answer(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const requestId = randomUUID()
  const { status, body } = toProblem(fromParserError(error), { url: '', requestId })
  const text = JSON.stringify(body)
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: ${PROBLEM_TYPE}\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\n${REQUEST_ID_HEADER}: ${requestId}\r\n\r\n${text}`,
  )
}

async function parserErrors(app: FastifyInstance): Promise<void> {
  app.server.on('request', (request, response) => lastReplies.set(request.socket, response))
}

/** Lets answerParserError, Fastify's clientErrorHandler, know which replies are under way. */
export const parserErrorsPlugin = fastifyPlugin(parserErrors, { name: 'parser-errors' })
