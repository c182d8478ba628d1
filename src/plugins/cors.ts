import fastifyCors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { REQUEST_ID_HEADER } from './request-id.ts'

export type CorsOptions = {
  /** The origins whose pages may ask, `*` for all; undefined: none. */
  origins: readonly string[] | undefined
}

const PREFLIGHT_SECONDS = 600

async function cors(app: FastifyInstance, { origins }: CorsOptions): Promise<void> {
  if (origins === undefined) return
  await app.register(fastifyCors, {
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST'],
    allowedHeaders: ['authorization', 'content-type', 'traceparent', 'x-api-key', REQUEST_ID_HEADER],
    exposedHeaders: ['retry-after', REQUEST_ID_HEADER],
    maxAge: PREFLIGHT_SECONDS,
  })
}

/** Lets pages of other origins ask. Register before the keys are checked: a browser asks first without one. */
export const corsPlugin = fastifyPlugin(cors, { name: 'cors' })
