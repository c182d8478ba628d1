import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { ServiceError } from '../errors.ts'
import { problems, success } from './responses.ts'

const NOT_READY = 'The tables do not answer, or the service is shutting down.'

/** Liveness, which asks nobody, and readiness, from the background check that `isReady` tells of. */
export function healthRoutes(isReady: () => boolean): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/health/live',
      {
        config: { operation: 'health.live', access: 'open' },
        schema: {
          operationId: 'health.live',
          tags: ['health'],
          summary: 'Does the process answer? Never asks the store.',
          response: {
            200: success('It does', z.strictObject({ status: z.literal('live') }).meta({ examples: [{ status: 'live' }] })),
          },
        },
      },
      async () => ({ status: 'live' as const }),
    )

    app.get(
      '/health/ready',
      {
        config: { operation: 'health.ready', access: 'open' },
        schema: {
          operationId: 'health.ready',
          tags: ['health'],
          summary: 'Do both tables answer? From a check in the background.',
          response: {
            200: success('They do', z.strictObject({ status: z.literal('ready') }).meta({ examples: [{ status: 'ready' }] })),
            ...problems('/health/ready', { NOT_READY: { detail: NOT_READY } }),
          },
        },
      },
      async () => {
        if (!isReady()) throw new ServiceError('NOT_READY', NOT_READY)
        return { status: 'ready' as const }
      },
    )
  }
}
