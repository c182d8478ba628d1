import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'

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
  const parseDate = createDateReader()

  function learn(repliedMs: number, sentMs: number, receivedMs: number): void {
    const [least, most] = [repliedMs - receivedMs, repliedMs + RESOLUTION_MS - sentMs]
    // Beyond what the replies before allow, one of the clocks has been set, or gone astray since.
    const isNews = least > mostMs || most < leastMs
    leastMs = isNews ? least : Math.max(leastMs, least)
    mostMs = isNews ? most : Math.min(mostMs, most)
    offsetMs = leastMs <= 0 && mostMs >= 0 ? 0 : (leastMs + mostMs) / 2
  }

  // Next to the wire, where each attempt passes, whoever makes it.
  const { requestHandler } = client.config
  const handle: typeof requestHandler.handle = async (request, options) => {
    const sentMs = Date.now()
    const reply = await requestHandler.handle(request, options)
    const repliedMs = parseDate(reply.response.headers.date)
    if (!Number.isNaN(repliedMs)) learn(repliedMs, sentMs, Date.now())
    return reply
  }
  client.config.requestHandler = Object.assign(Object.create(requestHandler), { handle })
  return () => new Date(Date.now() + offsetMs)
}

/** Reads dates one after another, most of which are the one before. */
function createDateReader(): (text: string | undefined) => number {
  let lastText = ''
  let lastMs = Number.NaN
  return (text = '') => {
    if (text !== lastText) {
      lastText = text
      lastMs = Date.parse(text)
    }
    return lastMs
  }
}
