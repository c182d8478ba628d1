import { StoreError } from '../errors.ts'
import type { Entity, Features } from '../features/feature-record.ts'
import type { RequestScope } from '../request-scope.ts'
import { backOff } from './back-off.ts'
import { versionOf } from './item-codec.ts'
import type { MeasuredCalls } from './measure-calls.ts'
import { LostWriteError, withDoubt, withoutDoubt } from './store-errors.ts'

/** The writes of one category that are under way in this process. */
type Contest = {
  writers: number
  /** The highest version of an attempt that was given up on meanwhile and may still arrive. */
  givenUpVersion: number
}

/** One write, and what has become of it so far. */
type Write = {
  entity: Entity
  category: string
  features: Features
  scope: RequestScope
  contest: Contest
  losses: number
  mayHaveApplied: boolean
}

/**
 * Replaces one category so that no attempt that was given up on can undo a write that is acknowledged after that, however
 * late it arrives.
 *
 * Each write carries a version: the clock's milliseconds, never going back within the process; an item takes only a later
 * version than it has. All attempts of the SDK at one command carry the same. A write that loses (to a concurrent one, to a
 * process whose clock is ahead, or to its own first attempt whose reply was lost) tries again with what the clock says or,
 * where that is not later, the stored version and 1: never more, so that what a later write gets is at least as high as what
 * any attempt before it carried. A write that succeeds below an attempt that was given up on while both were under way
 * writes once more, above it, before it is acknowledged.
 *
 * @param now the clock; updated_at is the version's time, and so never goes back either.
 */
export function createVersionedWrite(calls: Pick<MeasuredCalls, 'updateItem' | 'getVersion'>, now: () => Date) {
  const clock = createClock(now)
  const contests = new Map<string, Contest>()

  /** Writes in this version; returns the one in which to write again, or undefined when the category is as it shall be. */
  async function writeIn(version: number, write: Write): Promise<number | undefined> {
    const { entity, category, features, scope, contest } = write
    try {
      await calls.updateItem(entity, category, features, version, scope)
    } catch (error) {
      if (error instanceof LostWriteError) return laterThan(error, write)
      if (mayArriveLater(error)) contest.givenUpVersion = Math.max(contest.givenUpVersion, version)
      throw withDoubt(error, write.mayHaveApplied)
    }
    if (contest.givenUpVersion <= version) return undefined
    write.mayHaveApplied = true
    return Math.max(clock(), contest.givenUpVersion)
  }

  async function laterThan(lost: LostWriteError, write: Write): Promise<number> {
    const { entity, category, scope } = write
    write.losses += 1
    write.mayHaveApplied ||= lost.mayHaveApplied
    try {
      // The first time at once: mostly there is one other write, and it is over.
      if (write.losses > 1) await backOff(write.losses - 1, scope.signal, overtaken)
      const stored = versionOf(lost.item) ?? (await calls.getVersion(entity, category, scope))
      return stored === undefined ? clock() : Math.max(clock(), stored + 1)
    } catch (error) {
      throw withDoubt(withoutDoubt(error), write.mayHaveApplied)
    }
  }

  return async function versionedWrite(entity: Entity, category: string, features: Features, scope: RequestScope): Promise<void> {
    const key = JSON.stringify([entity.tableType, entity.identifier, category])
    const contest = contests.get(key) ?? { writers: 0, givenUpVersion: 0 }
    contests.set(key, contest)
    contest.writers += 1
    const write = { entity, category, features, scope, contest, losses: 0, mayHaveApplied: false }
    try {
      let version: number | undefined = clock()
      while (version !== undefined) version = await writeIn(version, write)
    } finally {
      contest.writers -= 1
      if (contest.writers === 0) contests.delete(key)
    }
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
