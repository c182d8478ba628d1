import { setTimeout as delay } from 'node:timers/promises'
import type { Client, Reply } from './client.ts'

const PASSING_STATUSES: readonly number[] = [429, 503, 504]
const PAUSE_MS = 500
const GIVE_UP_AFTER_MS = 30_000

export type Sending = {
  client: Client
  path: string
  body: string
  /** Told of each failure that is waited out. */
  onSetback: () => void
  isOver: () => boolean
}

/**
 * Sends a write as a producer would, again and again while the store is slow: the same request is safe to send again. Returns
 * whether it was taken; else nobody wanted to wait any more.
 * @throws Error with what the service said last, when it is not taken within half a minute.
 */
export async function sendUntilTaken({ client, path, body, onSetback, isOver }: Sending): Promise<boolean> {
  const endsAtMs = performance.now() + GIVE_UP_AFTER_MS
  for (;;) {
    const reply = await client.send('POST', path, body).catch((error: Error) => error)
    if (!(reply instanceof Error) && reply.status === 200) return true
    if (isOver()) return false
    const isPassing = reply instanceof Error || PASSING_STATUSES.includes(reply.status)
    if (!isPassing || performance.now() > endsAtMs) throw new Error(`A write was refused: ${wordsOf(reply)}`)
    onSetback()
    await delay(PAUSE_MS)
  }
}

/** What was said, without the results of each entity. */
function wordsOf(reply: Reply | Error): string {
  if (reply instanceof Error) return reply.message
  try {
    const { status, code, detail } = JSON.parse(reply.body)
    return `${status} ${code}: ${detail}`
  } catch {
    return String(reply.status)
  }
}
