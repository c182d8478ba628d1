import type { FastifyInstance, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { type ApiKey, createKeyring, includesScope, type KeyScope } from '../api-keys.ts'
import { AccessError } from '../errors.ts'
import { syncHook } from './sync-hook.ts'

/** Who may use a route: everybody, or who has a key of that scope. */
type Access = 'open' | KeyScope

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Left out: who has a key that may write. */
    access?: Access
  }
}

type AuthOptions = {
  /** Undefined: everybody gets in. */
  apiKeys: readonly ApiKey[] | undefined
}

// RFC 6750, section 2.1; RFC 9110, section 11.1: the scheme's case does not matter.
const BEARER = /^bearer +(\S+) *$/i

// RFC 6750, section 3.
const CHALLENGE = 'Bearer realm="features"'

async function auth(app: FastifyInstance, { apiKeys }: AuthOptions): Promise<void> {
  if (apiKeys === undefined) return
  const findKey = createKeyring(apiKeys)

  function admit(request: FastifyRequest, asked: KeyScope | undefined): void {
    const presented = presentedKey(request)
    if (presented === undefined) throw unauthenticated('Send a key, as Authorization: Bearer or as x-api-key.', CHALLENGE)
    const key = findKey(presented)
    if (!key) throw unauthenticated('The key is not known here.', `${CHALLENGE}, error="invalid_token"`)
    request.work.keyName = key.name
    if (asked === undefined || includesScope(key.scope, asked)) return
    const challenge = `${CHALLENGE}, error="insufficient_scope", scope="${asked}"`
    throw new AccessError('FORBIDDEN', `This key may ${key.scope}; the request needs one that may ${asked}.`, challenge)
  }

  app.addHook(
    'onRequest',
    syncHook((request) => {
      // Which routes there are is for those to know who get in.
      if (request.is404) return admit(request, undefined)
      const access = request.routeOptions.config.access ?? 'write'
      if (access !== 'open') admit(request, access)
    }),
  )
}

/** The key that a request comes with; where it has two, the bearer token counts. */
function presentedKey({ headers }: FastifyRequest): string | undefined {
  const bearer = BEARER.exec(headers.authorization ?? '')?.[1]
  const header = headers['x-api-key']
  return bearer ?? (typeof header === 'string' && header !== '' ? header : undefined)
}

function unauthenticated(message: string, challenge: string): AccessError {
  return new AccessError('UNAUTHENTICATED', message, challenge)
}

/**
 * Lets in who has a key of the scope that the route names, before the body is read, and notes the key's name. Register
 * before what tells of routes or reads bodies.
 */
export const authPlugin = fastifyPlugin(auth, { name: 'auth', dependencies: ['request-watch'] })
