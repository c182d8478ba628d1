import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { answerPart, type ChooseKey, forward, type StoreReply } from './store-behind.ts'

/** What a stand-in writes itself. With `ending` it promises a byte more than its text, and then stalls or breaks off. */
export type WrittenReply = { status: number; text: string; headers?: Record<string, string>; ending?: 'stalls' | 'breaks off' }

/**
 * `pass`: what the endpoint behind answers; `hang`: nothing, ever; `reset`: the connection breaks off; `hold`: nothing until
 * the test releases the call, which goes to the endpoint behind only then. After `apply` the endpoint behind has the call
 * applied, but its answer is dropped; `passThenMs`: it comes so much later. `answers`: the chosen keys of a BatchGetItem are answered by the endpoint behind, the
 * others are unprocessed.
 */
export type ScriptedReply =
  | 'pass'
  | 'hang'
  | 'reset'
  | 'hold'
  | 'apply, then reset'
  | 'apply, then hang'
  | WrittenReply
  | { applyThen: WrittenReply }
  | { answers: ChooseKey }
  | { passThenMs: number }
  | { afterMs: number; reply: ScriptedReply }

/** One request at a stand-in, its body read, and where it is to be answered. */
export type Exchange = { request: IncomingMessage; response: ServerResponse; bodyText: string }

export type ReplyPlayer = {
  /** The endpoint to pass calls to. */
  behind: string | undefined
  /** Takes a call that is to be held; `arrive` sends it on and answers it. */
  hold: (arrive: () => Promise<StoreReply>) => void
}

/** Answers one request as the script says; resolves when nothing of it is on its way any more, but for what is held. */
export async function playReply(reply: ScriptedReply, exchange: Exchange, player: ReplyPlayer): Promise<void> {
  const { request, bodyText } = exchange
  const pass = (body = bodyText) => forward(player.behind, request.headers, body)

  async function passAndAnswer(): Promise<StoreReply> {
    const answer = await pass()
    write(exchange, answer)
    return answer
  }

  if (typeof reply === 'string') {
    if (reply === 'hold') return player.hold(passAndAnswer)
    if (reply === 'pass') await passAndAnswer()
    if (reply.startsWith('apply')) await pass()
    if (reply.endsWith('reset')) request.socket.resetAndDestroy()
    return
  }
  if ('status' in reply) return write(exchange, reply)
  if ('answers' in reply) return write(exchange, await answerPart(bodyText, reply.answers, pass))
  if ('passThenMs' in reply) {
    const answer = await pass()
    await delay(reply.passThenMs)
    return write(exchange, answer)
  }
  if ('applyThen' in reply) {
    await pass()
    return write(exchange, reply.applyThen)
  }
  await delay(reply.afterMs)
  await playReply(reply.reply, exchange, player)
}

function write({ request, response }: Exchange, reply: WrittenReply): void {
  const promised = Buffer.byteLength(reply.text) + (reply.ending === undefined ? 0 : 1)
  response.writeHead(reply.status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': promised,
    ...reply.headers,
  })
  if (reply.ending === undefined) response.end(reply.text)
  else if (reply.ending === 'stalls') response.write(reply.text)
  else response.write(reply.text, () => request.socket.resetAndDestroy())
}
