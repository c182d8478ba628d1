import type { FastifyInstance, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { ServiceError } from '../errors.ts'
import { isHealth, labelsOf } from './route-labels.ts'
import { syncHook } from './sync-hook.ts'

type OverloadOptions = {
  /** Requests at work at once; those whose body is still on its way are not yet at work. */
  maxInFlight: number
}

async function overload(app: FastifyInstance, { maxInFlight }: OverloadOptions): Promise<void> {
  let atWork = 0
  // One for all: under overload, a stack for each would be part of the load.
  const tooMany = new ServiceError('OVERLOADED', 'As many requests as the service can take are under way. Try again shortly.')

  function requireRoom(request: FastifyRequest): void {
    if (atWork >= maxInFlight && !isHealth(labelsOf(request))) throw tooMany
  }

  app.addHook('onRequest', syncHook(requireRoom))

  // A client that is slow to send its body must not hold a place meanwhile.
  app.addHook(
    'preValidation',
    syncHook((request) => {
      if (isHealth(labelsOf(request))) return
      requireRoom(request)
      atWork += 1
      request.work.atClose.push(() => {
        atWork -= 1
      })
    }),
  )
}

/**
 * Answers OVERLOADED at once where as many requests are at work as may be, so that those keep their time; /health is always
 * answered. Register before what costs.
 */
export const overloadPlugin = fastifyPlugin(overload, { name: 'overload' })
