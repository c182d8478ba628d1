import { HttpReplyError } from './failures.ts'

/** A reply's body as it comes. */
export type ReplyBody = {
  /** Takes the next bytes, which it does not keep; returns how many of them are its own. */
  take: (bytes: Buffer) => number
  /** All of it, once its last byte has come. */
  whole: () => Buffer | undefined
  /** All of it, where the connection's end is its own. */
  wholeAtEnd: () => Buffer | undefined
}

/** Throws where a body of so many bytes is not wished for. */
export type RequireSmall = (bytes: number) => void

const CHUNK_SIZE = /^([\da-f]{1,8})[ \t]*(?:;.*)?\r\n$/i
const EMPTY_LINE = '\r\n'
const MAX_LINE_CHARACTERS = 4096
const MAX_TRAILERS = 100
const NONE = () => undefined

/** A body of known length: with all of it at hand, as of DynamoDB's replies, it is copied once. */
export function bodyOfLength(length: number): ReplyBody {
  const body = Buffer.allocUnsafe(length)
  let filled = 0
  return {
    take(bytes) {
      const taken = bytes.copy(body, filled)
      filled += taken
      return taken
    },
    whole: () => (filled === length ? body : undefined),
    wholeAtEnd: NONE,
  }
}

/** A body that ends with its connection. */
export function bodyUntilEnd(requireSmall: RequireSmall): ReplyBody {
  const received = createReceived(requireSmall)
  return {
    take(bytes) {
      received.expect(bytes.length)
      received.add(bytes)
      return bytes.length
    },
    whole: NONE,
    wholeAtEnd: received.whole,
  }
}

/** A body in chunks, each with its length before it, and maybe trailers behind the last (RFC 9112, section 7.1). */
export function chunkedBody(requireSmall: RequireSmall): ReplyBody {
  const received = createReceived(requireSmall)
  let awaited: 'size' | 'data' | 'end of data' | 'trailer' | 'nothing' = 'size'
  let line = ''
  let left = 0
  let trailers = 0

  function takeData(bytes: Buffer): number {
    const taken = Math.min(left, bytes.length)
    received.add(bytes.subarray(0, taken))
    left -= taken
    if (left === 0) awaited = 'end of data'
    return taken
  }

  function takeLine(bytes: Buffer): number {
    const feed = bytes.indexOf('\n')
    const taken = feed === -1 ? bytes.length : feed + 1
    line += bytes.toString('latin1', 0, taken)
    if (line.length > MAX_LINE_CHARACTERS) throw new HttpReplyError('a line of its body is too long')
    if (feed === -1) return taken
    if (awaited === 'size') takeSize(line)
    else if (awaited === 'end of data') takeEndOfData(line)
    else takeTrailer(line)
    line = ''
    return taken
  }

  function takeSize(text: string): void {
    const size = CHUNK_SIZE.exec(text)?.[1]
    if (size === undefined) throw new HttpReplyError('a chunk has no length')
    left = Number.parseInt(size, 16)
    received.expect(left)
    awaited = left === 0 ? 'trailer' : 'data'
  }

  function takeEndOfData(text: string): void {
    if (text !== EMPTY_LINE) throw new HttpReplyError('a chunk is longer than its length')
    awaited = 'size'
  }

  function takeTrailer(text: string): void {
    trailers += 1
    if (text === EMPTY_LINE) awaited = 'nothing'
    else if (trailers > MAX_TRAILERS) throw new HttpReplyError('it has too many trailers')
  }

  return {
    take(bytes) {
      let at = 0
      while (at < bytes.length && awaited !== 'nothing') {
        const rest = bytes.subarray(at)
        at += awaited === 'data' ? takeData(rest) : takeLine(rest)
      }
      return at
    },
    whole: () => (awaited === 'nothing' ? received.whole() : undefined),
    wholeAtEnd: NONE,
  }
}

function createReceived(requireSmall: RequireSmall) {
  const pieces: Buffer[] = []
  let expected = 0
  return {
    expect(bytes: number): void {
      expected += bytes
      requireSmall(expected)
    },
    add: (bytes: Buffer): void => void pieces.push(Buffer.from(bytes)),
    whole: (): Buffer => Buffer.concat(pieces),
  }
}
