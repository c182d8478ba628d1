import { StoreError } from '../errors.ts'
import type { Entity, Features } from '../features/feature-record.ts'
import type { RequestScope } from '../request-scope.ts'
import { backOff } from './back-off.ts'
import { versionOf } from './item-codec.ts'
import type { MeasuredCalls } from './measure-calls.ts'
import { LostWriteError, withDoubt } from './store-errors.ts'

/**
 * Replaces one category so that no attempt that was given up on can undo a later write, however late it arrives.
 *
 * Each write carries a version: the clock's milliseconds, never going back within the process; an item takes only a later
 * version than it has. All attempts of the SDK at one command carry the same. A write that loses (to a concurrent one, to a
 * process whose clock is ahead, or to its own first attempt whose reply was lost) tries again with what the clock says or,
 * where that is not later, the stored version and 1: never more, so that what a later write gets is at least as high as what
 * any attempt before it carried.
 *
 * @param now the clock; updated_at is the version's time, and so never goes back either.
 */
export function createVersionedWrite(calls: Pick<MeasuredCalls, 'updateItem' | 'getVersion'>, now: () => Date) {
  const clock = createClock(now)

  async function laterThan(lost: LostWriteError, losses: number, entity: Entity, category: string, scope: RequestScope) {
    // The first time at once: mostly there is one other write, and it is over.
    if (losses > 1) await backOff(losses - 1, scope.signal, overtaken)
    const stored = versionOf(lost.item) ?? (await calls.getVersion(entity, category, scope))
    return stored === undefined ? clock() : Math.max(clock(), stored + 1)
  }

  return async function versionedWrite(entity: Entity, category: string, features: Features, scope: RequestScope): Promise<void> {
    let lost: LostWriteError | undefined
    let mayHaveApplied = false
    for (let losses = 0; ; losses += 1) {
      try {
        const version = lost ? await laterThan(lost, losses, entity, category, scope) : clock()
        return await calls.updateItem(entity, category, features, version, scope)
      } catch (error) {
        if (!(error instanceof LostWriteError)) throw withDoubt(error, mayHaveApplied)
        lost = error
        mayHaveApplied ||= error.mayHaveApplied
      }
    }
  }
}

function overtaken(cause: unknown): StoreError {
  return new StoreError('STORE_UNAVAILABLE', 'Others wrote the category again and again until the time was up.', { cause })
}

/** Milliseconds since the epoch that never go back, though the machine's clock may. */
function createClock(now: () => Date): () => number {
  let last = 0
  return () => {
    last = Math.max(last, now().getTime())
    return last
  }
}
