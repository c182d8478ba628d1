import type { Deadline } from '../../request-scope.ts'

/** The writes of one category that are under way in this process. */
export type Contest = {
  /** Those that are at work or wait. */
  writers: number
  /** The highest version that was acknowledged. */
  lastVersion: number
  /** The highest version of an attempt that was given up on and may still arrive. */
  givenUpVersion: number
}

/** How those that wait are let go, the first one first, and the timer that lets the next one go. */
type Queue = { waiting: (() => void)[]; stall: NodeJS.Timeout | undefined }

// While nothing moves for so long, as an attempt hangs, the next writer goes ahead: the store holds them apart anyway.
const STALL_MS = 200

/**
 * Lets the writers of one category know of each other, and take turns: side by side, all but one would fail on its condition
 * and come again, which for fifty writers is a thousand calls. A writer whose time is up while it waits is let go at once.
 */
export function createContests() {
  const contests = new Map<string, Contest & Queue>()

  return async function compete<Result>(
    key: string,
    deadline: Deadline,
    write: (contest: Contest) => Promise<Result>,
  ): Promise<Result> {
    const contest = contests.get(key) ?? { writers: 0, lastVersion: 0, givenUpVersion: 0, waiting: [], stall: undefined }
    contests.set(key, contest)
    contest.writers += 1
    try {
      if (contest.writers > 1) await takeTurn(contest, deadline)
      return await write(contest)
    } finally {
      contest.writers -= 1
      letNextGo(contest)
      if (contest.writers === 0) contests.delete(key)
    }
  }
}

function takeTurn(queue: Queue, { signal }: Deadline): Promise<void> {
  return new Promise((resolve) => {
    function go(): void {
      queue.waiting.splice(queue.waiting.indexOf(go), 1)
      signal.removeEventListener('abort', go)
      resolve()
    }
    queue.waiting.push(go)
    queue.stall ??= setTimeout(letNextGo, STALL_MS, queue)
    if (signal.aborted) go()
    else signal.addEventListener('abort', go)
  })
}

function letNextGo(queue: Queue): void {
  clearTimeout(queue.stall)
  queue.waiting[0]?.()
  queue.stall = queue.waiting.length > 0 ? setTimeout(letNextGo, STALL_MS, queue) : undefined
}
