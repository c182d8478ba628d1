import { StoreError } from '../../errors.ts'
import type { Entity } from '../../features/feature-record.ts'
import type { RequestScope } from '../../request-scope.ts'
import { backOff } from '../calls/back-off.ts'
import { keyText } from '../calls/call-context.ts'
import type { MeasuredCalls } from '../calls/measure-calls.ts'
import { LostWriteError, withDoubt, withoutDoubt } from '../calls/store-errors.ts'
import type { ItemUpdate } from '../calls/write-calls.ts'
import { requireAt } from '../items/item-key.ts'
import { type StoredState, stateOf } from '../items/stored-state.ts'
import type { Change } from './change.ts'
import { type Contest, createContests } from './contests.ts'
import type { WriteTime } from './item-update.ts'

/** One write, and what has become of it so far. */
type Write = {
  entity: Entity
  category: string
  change: Change
  scope: RequestScope
  contest: Contest
  /** What is stored, as far as a refusal told. */
  stored: StoredState | undefined
  losses: number
  mayHaveApplied: boolean
}

const NOTHING_STORED = stateOf(undefined)

/**
 * Changes one category so that no attempt that was given up on can undo a write that is acknowledged after that, however
 * late it arrives.
 *
 * Each write carries a version: the clock's milliseconds, never going back within the process; an item takes only a later
 * version than it has. All attempts of one call carry the same. A write that loses (to a concurrent one, to a
 * process whose clock is ahead, or to its own first attempt whose reply was lost) tries again with what the clock says or,
 * where that is not later, the stored version and 1: never more, so that what a later write gets is at least as high as what
 * any attempt before it carried. A write that succeeds below an attempt that was given up on while both were under way
 * writes once more, above it, before it is acknowledged.
 *
 * A refusal also tells a change what is stored, where that is not what is usual: see Change.
 *
 * @param now the clock; updated_at is the version's time, and so never goes back either.
 */
export function createVersionedWrite(calls: Pick<MeasuredCalls, 'updateItem' | 'getState'>, now: () => Date) {
  const clock = createClock(now)
  const compete = createContests()

  /** Writes in this version; returns the one in which to write again, or undefined when the category is as it shall be. */
  async function writeIn(version: number, write: Write): Promise<number | undefined> {
    const { entity, category, change, scope, contest } = write
    let at: WriteTime = { version, nowMs: now().getTime() }
    function makeUpdate(): ItemUpdate {
      at = { version, nowMs: now().getTime() }
      return change.updateFor(write.stored, at)
    }
    try {
      const before = await calls.updateItem(entity, category, change.featureCount, makeUpdate, scope)
      change.noteBefore?.(before, at)
    } catch (error) {
      if (error instanceof LostWriteError) return afterLoss(error, at, write)
      if (mayArriveLater(error)) contest.givenUpVersion = Math.max(contest.givenUpVersion, version)
      throw withDoubt(error, write.mayHaveApplied)
    }
    return afterSuccess(version, write)
  }

  function afterSuccess(version: number, write: Write): number | undefined {
    const { contest } = write
    contest.lastVersion = Math.max(contest.lastVersion, version)
    if (contest.givenUpVersion <= version) return undefined
    write.mayHaveApplied = true
    write.stored = undefined
    return Math.max(clock(), contest.givenUpVersion)
  }

  async function afterLoss(lost: LostWriteError, at: WriteTime, write: Write): Promise<number | undefined> {
    write.losses += 1
    write.mayHaveApplied ||= lost.mayHaveApplied
    try {
      // The first time at once: mostly there is one other write, and it is over.
      if (write.losses > 1) await backOff(write.losses - 1, write.scope.signal, overtaken)
      write.stored = await lookAt(lost, write)
    } catch (error) {
      throw withDoubt(withoutDoubt(error), write.mayHaveApplied)
    }
    const { version = 0 } = write.stored
    if (write.change.isDoneBy?.(write.stored, at)) return afterSuccess(version, write)
    const refusal = write.change.refusalBy?.(write.stored, at)
    if (refusal) throw withDoubt(refusal, write.mayHaveApplied)
    return Math.max(clock(), version + 1)
  }

  /** What refused a write. A refusal without an item has met nothing, or a store that does not tell (dynalite). */
  async function lookAt({ item }: LostWriteError, { entity, category, change, stored, scope }: Write): Promise<StoredState> {
    if (item !== undefined) return stateOf(requireAt(item, entity, category))
    if (change.needsItem && stored === undefined) return NOTHING_STORED
    return calls.getState(entity, category, scope)
  }

  return function versionedWrite(entity: Entity, category: string, change: Change, scope: RequestScope): Promise<void> {
    const key = `${entity.tableType}:${keyText({ identifier: entity.identifier, category })}`
    return compete(key, scope, async (contest) => {
      const write = { entity, category, change, scope, contest, stored: undefined, losses: 0, mayHaveApplied: false }
      let version: number | undefined = Math.max(clock(), contest.lastVersion + 1)
      while (version !== undefined) version = await writeIn(version, write)
    })
  }
}

function mayArriveLater(error: unknown): boolean {
  return !(error instanceof StoreError) || error.mayHaveApplied
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
