import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { ServiceError } from '../errors.ts'

type BodyBudgetOptions = {
  /** Bytes of all bodies together, from their arrival to the end of their requests. */
  maxBytes: number
}

const DETAIL = 'As much data as the service can take at once is under way. Try again shortly.'

async function bodyBudget(app: FastifyInstance, { maxBytes }: BodyBudgetOptions): Promise<void> {
  let held = 0
  // One for all, and with a status, as Fastify's reader of bodies gives one to errors that have none.
  const noRoom = Object.assign(new ServiceError('OVERLOADED', DETAIL), { statusCode: 503 })

  // With a callback: the body's reader must begin to read in the same turn of the event loop as the count.
  app.addHook('preParsing', ({ headers, work }, _reply, payload, done) => {
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return done(null, payload)
    let own = 0
    function release(): void {
      payload.off('data', count)
      held -= own
      own = 0
    }
    function count(chunk: Buffer): void {
      own += chunk.length
      held += chunk.length
      if (held <= maxBytes) return
      release()
      // The way to the body's reader, which lets go of what it has, and answers: when it has had this chunk, for which it may
      // refuse the body itself. A body that is refused has no reader.
      process.nextTick(() => {
        if (payload.listenerCount('error') > 0) payload.emit('error', noRoom)
      })
    }
    payload.on('data', count)
    work.atClose.push(release)
    done(null, payload)
  })
}

/** Bounds the bytes of all bodies together, as they arrive; the one that goes beyond is answered OVERLOADED. */
export const bodyBudgetPlugin = fastifyPlugin(bodyBudget, { name: 'body-budget' })
