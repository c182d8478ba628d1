import type { FastifyInstance, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'

const MAX_BYTES = 1024

/** At level debug and below, the first 1,024 bytes of a body, feature values included; above it, nothing. */
export function logBody({ log }: FastifyRequest, message: 'request body' | 'reply body', body: Buffer | string): void {
  if (!isDebug(log.level)) return
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body)
  log.debug({ body: bytes.subarray(0, MAX_BYTES).toString(), bytes: bytes.length }, message)
}

function isDebug(level: string): boolean {
  return level === 'debug' || level === 'trace'
}

async function bodyLog(app: FastifyInstance): Promise<void> {
  if (!isDebug(app.log.level)) return
  app.addHook('onSend', async (request, _reply, payload) => {
    if (typeof payload === 'string') logBody(request, 'reply body', payload)
  })
}

/** Logs replies' bodies at level debug; requests' are logged by who reads them. */
export const bodyLogPlugin = fastifyPlugin(bodyLog, { name: 'body-log' })
