import { StoreError } from '../../errors.ts'
import type { EndSignal } from '../../request-scope.ts'
import { backOff } from './back-off.ts'

/**
 * Asks for keys again and again until DynamoDB has left none of them unprocessed (a reply holds 16 MB at most, and
 * throttling), backing off while a reply brings nothing.
 * @throws StoreError STORE_THROTTLED when the signal fires in between, and whatever `ask` throws.
 */
export async function untilProcessed<Key>(
  keys: readonly Key[],
  ask: (pending: readonly Key[]) => Promise<readonly Key[]>,
  signal: EndSignal,
): Promise<void> {
  let pending = keys
  for (let idleReplies = 0; pending.length > 0; ) {
    const unprocessed = await ask(pending)
    // A reply with progress was full, not throttled: ask for the rest at once.
    idleReplies = unprocessed.length < pending.length ? 0 : idleReplies + 1
    if (idleReplies > 0) await backOff(idleReplies, signal, leftUnprocessed)
    pending = unprocessed
  }
}

/** What is true of a read when its time is up before all of it was processed. */
export function leftUnprocessed(cause?: unknown): StoreError {
  return new StoreError('STORE_THROTTLED', 'The store left part of the read unprocessed until the time was up.', { cause })
}
