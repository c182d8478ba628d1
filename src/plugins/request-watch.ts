import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { isBug } from '../errors.ts'
import { type RequestWork, startWork, storeMsUntil } from '../request-scope.ts'
import { ABORTED_STATUS, createOutcomeKinds, type OutcomeObserver, type RequestOutcome } from './request-outcome.ts'
import { labelsOf, UNMATCHED } from './route-labels.ts'

type RequestWatchOptions = {
  /** Milliseconds; what takes longer is slow. */
  slowRequestMs: number
  observers: readonly OutcomeObserver[]
}

/** What a client was told. */
export type Answer = { status: number; bytes: number; failure: Error | undefined }

type Start = { startedMs: number; clientIp: string }

/** Nothing: but a bug that showed before the client had gone is a bug all the same. */
function hangUp({ failure }: RequestWork): Answer {
  return { status: ABORTED_STATUS, bytes: 0, failure: isBug(failure) ? failure : undefined }
}

export type RequestWatch = ReturnType<typeof createRequestWatch>

/** Follows requests from their headers to their end, and tells the observers of each one's outcome, once. */
export function createRequestWatch({ slowRequestMs, observers }: RequestWatchOptions) {
  const answersInstead = new WeakMap<ServerResponse, Answer>()
  const kindOf = createOutcomeKinds()
  let inFlight = 0

  function tell(outcome: RequestOutcome): void {
    for (const observe of observers) observe(outcome)
  }

  function answerOf({ method, work }: FastifyRequest, reply: FastifyReply): Answer {
    if (!reply.raw.writableFinished) return answersInstead.get(reply.raw) ?? hangUp(work)
    const bytes = method === 'HEAD' ? 0 : Number(reply.getHeader('content-length') ?? 0)
    return { status: reply.statusCode, bytes, failure: work.failure }
  }

  function outcomeOf(request: FastifyRequest, reply: FastifyReply, { startedMs, clientIp }: Start): RequestOutcome {
    const endedMs = performance.now()
    const { work, headers } = request
    const { status, bytes, failure } = answerOf(request, reply)
    return {
      kind: kindOf(labelsOf(request), request.method, status),
      requestId: request.id,
      url: request.url,
      bytes,
      failure,
      isSlow: endedMs - startedMs > slowRequestMs,
      durationMs: endedMs - startedMs,
      clientIp,
      userAgent: headers['user-agent'],
      traceparent: headers.traceparent,
      keyName: work.keyName,
      subject: work.subject,
      storeCalls: work.storeCalls,
      storeMs: storeMsUntil(work, endedMs),
    }
  }

  return {
    /** Begins to follow a request. Its reply's `close` comes after its last byte or after a hang-up, and only once. */
    follow(request: FastifyRequest, reply: FastifyReply): void {
      // A connection that is closed has forgotten whose it was.
      const start = { startedMs: performance.now(), clientIp: request.ip }
      request.work = startWork(start.startedMs)
      inFlight += 1
      reply.raw.once('close', () => {
        inFlight -= 1
        tell(outcomeOf(request, reply, start))
        for (const act of request.work.atClose) act()
      })
    },
    /** Notes what the client was told in place of a reply that it will not get. */
    answeredInstead: (reply: ServerResponse, answer: Answer): void => {
      answersInstead.set(reply, answer)
    },
    /** Tells of what came to be no request that the router could take. */
    tellOfNone: (outcome: Omit<RequestOutcome, 'kind'>, status: number): void => {
      tell({ ...outcome, kind: kindOf(UNMATCHED, 'unknown', status) })
    },
    /** Requests that have begun and not ended. */
    inFlight: (): number => inFlight,
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Requests that have begun and of which no observer was told yet; a few turns of the event loop after close: none. */
    requestsInFlight: () => number
  }
}

async function requestWatch(
  app: FastifyInstance,
  { follow, inFlight }: Pick<RequestWatch, 'follow' | 'inFlight'>,
): Promise<void> {
  app.decorate('requestsInFlight', inFlight)
  app.decorateRequest('work')
  // Async, unlike the hooks that follow: the parser, at work on the same bytes, comes first, as a body that is no HTTP is the
  // truer fault than what is wrong with its type.
  app.addHook('onRequest', async (request, reply) => follow(request, reply))
}

/** Follows every request that reaches the router. Register before whatever may answer. */
export const requestWatchPlugin = fastifyPlugin(requestWatch, { name: 'request-watch' })
