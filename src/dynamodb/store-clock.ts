import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'

type Headers = Readonly<Record<string, string>>

// A Date header tells whole seconds (RFC 9110, section 5.6.7).
const RESOLUTION_MS = 1000

/**
 * A clock that goes by the store's where this machine's is wrong, so that processes on several machines agree on what is
 * later. Each reply says to the second when it was made, which was between the call and the reply: so far may the store's
 * clock be from ours, and what all replies allow is soon little. A clock that may be right is left alone; else it is put
 * right to the middle: within half a second after the first reply, and closer with more of them.
 * @returns the time; this machine's own until the first reply.
 */
export function createStoreClock(client: DynamoDBClient): () => Date {
  let leastMs = Number.NEGATIVE_INFINITY
  let mostMs = Number.POSITIVE_INFINITY
  let offsetMs = 0

  function learn(repliedMs: number, sentMs: number, receivedMs: number): void {
    const [least, most] = [repliedMs - receivedMs, repliedMs + RESOLUTION_MS - sentMs]
    // Beyond what the replies before allow, one of the clocks has been set, or gone astray since.
    const isNews = least > mostMs || most < leastMs
    leastMs = isNews ? least : Math.max(leastMs, least)
    mostMs = isNews ? most : Math.min(mostMs, most)
    offsetMs = leastMs <= 0 && mostMs >= 0 ? 0 : (leastMs + mostMs) / 2
  }

  client.middlewareStack.add(
    (next) => async (args) => {
      const sentMs = Date.now()
      const result = await next(args)
      const { headers } = result.response as { headers?: Headers }
      const repliedMs = Date.parse(headers?.date ?? '')
      if (!Number.isNaN(repliedMs)) learn(repliedMs, sentMs, Date.now())
      return result
    },
    // Next to the wire, each attempt by itself.
    { step: 'deserialize', priority: 'low', name: 'storeClock' },
  )
  return () => new Date(Date.now() + offsetMs)
}
