import fastifyRateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { RateLimitError } from '../errors.ts'

type RateLimitOptions = {
  /** Requests of one key, or without keys of one address, in a minute; 0: as many as come. */
  perMinute: number
  /** Whether requests come with keys. */
  byKey: boolean
}

const MINUTE_MS = 60_000

async function rateLimit(app: FastifyInstance, { perMinute, byKey }: RateLimitOptions): Promise<void> {
  if (perMinute === 0) return
  await app.register(fastifyRateLimit, {
    max: perMinute,
    timeWindow: MINUTE_MS,
    // Left out, it is the client's address, or its /64 of IPv6.
    ...(byKey ? { keyGenerator: ({ work }) => work.keyName ?? 'no key' } : {}),
    allowList: ({ routeOptions }) => routeOptions.config.access === 'open',
    // What a client is to do, `retry-after` tells.
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    errorResponseBuilder: (_request, { max, ttl }) => {
      const seconds = Math.ceil(ttl / 1000)
      return new RateLimitError(`More than ${max} requests in a minute. Try again in ${seconds} s.`, seconds)
    },
  })
}

/** Answers RATE_LIMITED beyond so many requests in a minute. Register after the keys are checked, and before the routes. */
export const rateLimitPlugin = fastifyPlugin(rateLimit, { name: 'rate-limit', dependencies: ['auth'] })
