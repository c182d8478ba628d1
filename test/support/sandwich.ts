import type { Exchange } from './exchange-bytes.ts'
import { type HttpReply, isCutOff, readReplies } from './http-replies.ts'
import { requestText } from './raw-client.ts'
import { describeReply, faultsOf } from './reply-faults.ts'

/** A read whose true answer is known to the letter. */
export type KnownRead = { target: string; answer: string }

let sandwiches = 0

/**
 * Puts bytes between two good requests on one connection, the last of which asks for its end. `judge` says what is wrong with
 * what came back: the first must have its true answer, the last its own or none, and what is between must be HTTP/1.1.
 */
export function makeSandwich(filling: string, known: KnownRead) {
  sandwiches += 1
  const ids = { first: `first-${sandwiches}`, last: `last-${sandwiches}` }
  const first = requestText('GET', known.target, { 'x-request-id': ids.first })
  const last = requestText('GET', known.target, { 'x-request-id': ids.last, connection: 'close' })
  // The line breaks end a head that the filling left open, so that it cannot take the last request's headers for its own.
  const bytes = `${first}${filling}\r\n\r\n${last}`

  function judge({ received, wasReset }: Exchange) {
    const read = readReplies(received, { afterHead: filling.includes('HEAD') })
    const replies = read.replies.filter(({ status }) => status >= 200)
    const answered = (id: string) => replies.filter(({ headers }) => headers.get('x-request-id') === id)
    const faults = faultsOf(replies)
    if (read.fault && !(wasReset && isCutOff(read))) faults.push(read.fault)
    if (replies[0] !== answered(ids.first)[0]) faults.push('the first reply is not that of the first request')
    for (const id of [ids.first, ids.last]) faults.push(...faultsOfKnown(id, answered(id), known))
    if (answered(ids.first).length === 0) faults.push('the request before was not answered')
    const [lastReply] = answered(ids.last)
    if (lastReply && lastReply !== replies.at(-1)) faults.push('a reply follows that of the last request')
    const between = replies.filter(({ headers }) => !Object.values(ids).includes(headers.get('x-request-id') ?? ''))
    return { faults, replies: between, wentOn: lastReply !== undefined }
  }
  return { bytes, firstId: ids.first, judge }
}

function faultsOfKnown(id: string, replies: readonly HttpReply[], known: KnownRead): string[] {
  if (replies.length > 1) return [`${id} was answered ${replies.length} times`]
  return replies
    .filter(({ status, body }) => status !== 200 || Buffer.from(body, 'latin1').toString() !== known.answer)
    .map((reply) => `${id} has an answer that is not true: ${describeReply(reply)}`)
}
