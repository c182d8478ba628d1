import { HttpReplyError } from './failures.ts'
import { bodyOfLength, bodyUntilEnd, chunkedBody, type ReplyBody, type RequireSmall } from './reply-body.ts'
import { parseHead, type ReplyHead } from './reply-head.ts'

/** A reply, its body in one piece. */
export type HttpReply = Pick<ReplyHead, 'statusCode' | 'headers' | 'keepsAlive'> & { body: Buffer }

const HEAD_END = '\r\n\r\n'
// As much as Node's own parser takes.
const MAX_HEAD_BYTES = 16 * 1024
const PROTOCOL = 'HTTP/1.'
const NOTHING = Buffer.alloc(0)

/**
 * Reads one reply after another off a connection (RFC 9112), whose bytes come in whatever pieces.
 * @param requireSmall asked with a body's bytes as they become known.
 */
export function createReplyReader(requireSmall: RequireSmall) {
  let pending = NOTHING
  let head: ReplyHead | undefined
  let body: ReplyBody | undefined

  /** Reads a head; returns the bytes behind it, or undefined where it goes on. */
  function takeHead(bytes: Buffer): Buffer | undefined {
    const known = pending.length === 0 ? bytes : Buffer.concat([pending, bytes])
    const end = known.indexOf(HEAD_END)
    const headBytes = end === -1 ? known.length : end
    if (headBytes > MAX_HEAD_BYTES) throw new HttpReplyError('its head is too long')
    if (end === -1) {
      if (!PROTOCOL.startsWith(known.toString('latin1', 0, PROTOCOL.length))) throw new HttpReplyError('it is no HTTP/1')
      pending = Buffer.from(known)
      return undefined
    }
    pending = NOTHING
    const found = parseHead(known.toString('latin1', 0, end))
    // RFC 9110, section 15.2: what comes before the reply.
    if (!found.isInterim) head = found
    return known.subarray(end + HEAD_END.length)
  }

  function finish(whole: Buffer | undefined, hasMore: boolean): HttpReply | undefined {
    if (!head || !whole) return undefined
    const { statusCode, headers, keepsAlive } = head
    head = undefined
    body = undefined
    // What nobody has asked for is not the reply to the next request.
    return { statusCode, headers, body: whole, keepsAlive: keepsAlive && !hasMore }
  }

  return {
    /**
     * Takes the next bytes, which it does not keep; returns the reply that they make whole.
     * @throws HttpReplyError when they are no HTTP.
     */
    take(bytes: Buffer): HttpReply | undefined {
      let rest = bytes
      while (!head) {
        const behind = takeHead(rest)
        if (!behind) return undefined
        rest = behind
      }
      body ??= openBody(head, requireSmall)
      const taken = body.take(rest)
      return finish(body.whole(), taken < rest.length)
    },
    /** The connection has ended; returns the reply of which that is the end. */
    takeEnd: (): HttpReply | undefined => finish(body?.wholeAtEnd(), true),
    /** Whether a reply's head has come, and not yet all of the reply. */
    hasBegun: (): boolean => head !== undefined,
  }
}

function openBody({ length, isChunked }: ReplyHead, requireSmall: RequireSmall): ReplyBody {
  if (length === undefined) return isChunked ? chunkedBody(requireSmall) : bodyUntilEnd(requireSmall)
  requireSmall(length)
  return bodyOfLength(length)
}
