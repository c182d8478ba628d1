import { createReplyReader, type HttpReply } from '../../src/dynamodb/http/reply-reader.ts'

/** A reply as a test compares it: its body as latin1. */
export type ShownReply = { statusCode: number; headers: Record<string, string>; keepsAlive: boolean; body: string }

/** A reader that is fed as by a socket: in pieces, and out of memory that is used again for the next. */
export function createFedReader(requireSmall: (bytes: number) => void = () => {}) {
  const reader = createReplyReader(requireSmall)
  const replies: HttpReply[] = []

  return {
    /** Feeds bytes (as latin1) in pieces of these lengths, one after another and from the first again. */
    feed(sent: string, lengths: readonly number[] = [sent.length]): void {
      const memory = Buffer.alloc(sent.length)
      for (let at = 0, turn = 0; at < sent.length; turn += 1) {
        const length = lengths[turn % lengths.length] ?? 1
        const written = memory.write(sent.slice(at, at + length), 'latin1')
        const reply = reader.take(memory.subarray(0, written))
        memory.fill('!')
        if (reply) replies.push(reply)
        at += length
      }
    },
    /** The connection ends. */
    end(): void {
      const reply = reader.takeEnd()
      if (reply) replies.push(reply)
    },
    /** All that have come, as they are now. */
    replies: (): ShownReply[] => replies.map((reply) => ({ ...reply, body: reply.body.toString('latin1') })),
    hasBegun: reader.hasBegun,
  }
}

/** All replies of a connection that brings these bytes (as latin1) and then ends. */
export function readAll(sent: string, lengths?: readonly number[]): ShownReply[] {
  const { feed, end, replies } = createFedReader()
  feed(sent, lengths)
  end()
  return replies()
}
