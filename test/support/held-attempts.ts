import { EventEmitter, once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Call } from './scripted-dynamodb.ts'
import type { StoreReply } from './store-behind.ts'

/** An attempt that is held back, as if it were still on its way. */
export type HeldAttempt = {
  call: Call
  /** When the client has closed its connection: it waits for this attempt no more. */
  givenUp: Promise<void>
  /** Lets it arrive: resolves with what the store said, when that has dealt with it; a client that still waits is told too. */
  release: () => Promise<StoreReply>
  /** Has it lost on its way: it never arrives. */
  drop: () => void
}

/** The attempts that a stand-in holds back, in the order of their coming. */
export function createHeldAttempts() {
  const arrivals = new EventEmitter()
  const held = new Set<HeldAttempt>()

  return {
    /** Holds a call back until it is released; `arrive` sends it on to the store. */
    hold(call: Call, response: ServerResponse, arrive: () => Promise<StoreReply>): void {
      const { promise: givenUp, resolve } = Promise.withResolvers<void>()
      response.once('close', () => resolve())
      const attempt: HeldAttempt = {
        call,
        givenUp,
        release() {
          held.delete(attempt)
          return arrive()
        },
        drop: () => held.delete(attempt),
      }
      held.add(attempt)
      arrivals.emit('held')
    },
    /** Those that are neither released nor dropped yet. */
    held: (): HeldAttempt[] => [...held],
    /** Resolves with them when there are so many. */
    async holding(count = 1): Promise<HeldAttempt[]> {
      while (held.size < count) await once(arrivals, 'held')
      return [...held]
    },
  }
}
