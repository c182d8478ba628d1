import type { Deadline } from '../request-scope.ts'

/** The writes of one category that are under way in this process. */
export type Contest = {
  writers: number
  /** Ends when the writer that came last has ended. */
  turn: Promise<void>
  /** The highest version that was acknowledged. */
  lastVersion: number
  /** The highest version of an attempt that was given up on and may still arrive. */
  givenUpVersion: number
}

// Of the time that a writer has left, it waits for others for this part at most, and never longer than this.
const PATIENCE = 1 / 4
const MAX_PATIENCE_MS = 500

/**
 * Lets the writers of one category know of each other. They take turns: side by side, all but one would fail on its condition
 * and come again, which for fifty writers is a thousand calls. One that waits longer than it can afford, as an attempt before
 * it hangs, goes ahead: the store holds writers of other processes apart anyway.
 */
export function createContests() {
  const contests = new Map<string, Contest>()

  return async function compete<Result>(
    key: string,
    deadline: Deadline,
    write: (contest: Contest) => Promise<Result>,
  ): Promise<Result> {
    const contest = contests.get(key) ?? { writers: 0, turn: Promise.resolve(), lastVersion: 0, givenUpVersion: 0 }
    contests.set(key, contest)
    const { promise: turn, resolve: endTurn } = Promise.withResolvers<void>()
    const before = contest.turn
    contest.turn = turn
    contest.writers += 1
    try {
      if (contest.writers > 1) await waitFor(before, patienceMs(deadline))
      return await write(contest)
    } finally {
      endTurn()
      contest.writers -= 1
      if (contest.writers === 0) contests.delete(key)
    }
  }
}

function patienceMs({ endsAtMs }: Deadline): number {
  return Math.min(MAX_PATIENCE_MS, Math.max(0, endsAtMs - performance.now()) * PATIENCE)
}

/** Resolves with a promise, or without it when its time is up. */
function waitFor(promise: Promise<void>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    void promise.then(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
