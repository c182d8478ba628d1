/** A reply as it came in. */
export type Reply = {
  /** 0: the connection ended before the reply was whole, or the reply does not say where it ends. */
  status: number
  /** Without the framing of chunks. */
  bodyBytes: number
  /** The bytes that came first, for a person to read. */
  start: string
  /** No other request can follow on this connection. */
  isLast: boolean
}

type Body = { reply: Reply; isWhole: (chunk: Buffer) => boolean }

const STATUS_AT = 'HTTP/1.1 '.length
const HEAD_END = '\r\n\r\n'
const LENGTH = /\r\ncontent-length: *(\d+)/i
const CHUNKED = /\r\ntransfer-encoding: *chunked/i
const LAST = /\r\nconnection: *close/i

/**
 * Takes a connection's bytes as they come, and hands on each reply when it is whole: as little work as there may be, as its
 * process shares a machine with what it measures. Of a reply with a length only the head becomes text.
 */
export function createReplyReader(onReply: (reply: Reply) => void) {
  let head = ''
  let body: Body | undefined

  return (chunk: Buffer): void => {
    let rest = chunk
    if (!body) {
      head += chunk.toString('latin1')
      const headEnd = head.indexOf(HEAD_END)
      if (headEnd === -1) return
      const received = head.length - headEnd - HEAD_END.length
      body = openBody(head, headEnd)
      rest = chunk.subarray(chunk.length - received)
    }
    if (!body.isWhole(rest)) return
    const { reply } = body
    head = ''
    body = undefined
    onReply(reply)
  }
}

function openBody(text: string, headEnd: number): Body {
  const head = text.slice(0, headEnd)
  const status = Number(head.slice(STATUS_AT, STATUS_AT + 3))
  const reply = { status, bodyBytes: 0, start: text, isLast: LAST.test(head) }
  const length = LENGTH.exec(head)?.[1]
  if (length !== undefined) return bodyOfLength(reply, Number(length))
  if (CHUNKED.test(head)) return chunkedBody(reply)
  if (status === 204 || status === 304) return bodyOfLength(reply, 0)
  return bodyOfLength({ ...reply, status: 0, isLast: true }, 0)
}

function bodyOfLength(reply: Reply, bodyBytes: number): Body {
  let left = bodyBytes
  reply.bodyBytes = bodyBytes
  return {
    reply,
    isWhole(chunk) {
      left -= chunk.length
      return left <= 0
    },
  }
}

/** RFC 9112, 7.1. */
function chunkedBody(reply: Reply): Body {
  let text = ''
  let at = 0
  return {
    reply,
    isWhole(chunk) {
      text += chunk.toString('latin1')
      for (let lineEnd = text.indexOf('\r\n', at); lineEnd !== -1; lineEnd = text.indexOf('\r\n', at)) {
        const size = Number.parseInt(text.slice(at, lineEnd), 16)
        // After the last chunk there may be trailers, and then an empty line.
        if (size === 0) return text.indexOf(HEAD_END, lineEnd) !== -1
        reply.bodyBytes += size
        at = lineEnd + '\r\n'.length + size + '\r\n'.length
      }
      return false
    },
  }
}
