import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'

type Headers = Readonly<Record<string, string>>

// A Date header tells whole seconds (RFC 9110, section 5.6.7).
const RESOLUTION_MS = 1000

/**
 * A clock that goes by the store's where this machine's is wrong, so that processes on several machines agree on what is
 * later. Each reply of the store says when it was made, to the second; where that cannot be, between the call and the reply
 * by our own clock, the clock is put right by as little as makes it possible. A clock that is right is never touched.
 * @returns the time; this machine's own until the first reply.
 */
export function createStoreClock(client: DynamoDBClient): () => Date {
  let offsetMs = 0

  client.middlewareStack.add(
    (next) => async (args) => {
      const sentMs = Date.now()
      const result = await next(args)
      const { headers } = result.response as { headers?: Headers }
      const repliedMs = Date.parse(headers?.date ?? '')
      if (!Number.isNaN(repliedMs)) offsetMs = clamp(offsetMs, repliedMs - Date.now(), repliedMs + RESOLUTION_MS - sentMs)
      return result
    },
    // Next to the wire, each attempt by itself.
    { step: 'deserialize', priority: 'low', name: 'storeClock' },
  )
  return () => new Date(Date.now() + offsetMs)
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
