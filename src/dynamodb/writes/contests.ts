import type { Deadline } from '../../request-scope.ts'

/** The writes of one category that are under way in this process. */
export type Contest = {
  /** The highest version that was acknowledged. */
  lastVersion: number
  /** The highest version of an attempt that was given up on and may still arrive. */
  givenUpVersion: number
}

/** One writer: `begin` lets it go where it waits. */
type Writer = { begin?: () => void }

/** Whose turn it is, who waits, in the order of their coming, and the timer that passes the turn on. */
type Queue = { writers: number; atTurn: Writer | undefined; waiting: Writer[]; stall: NodeJS.Timeout | undefined }

// A writer whose attempt hangs keeps others waiting for so long: the store holds them apart anyway.
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
    const contest = contests.get(key) ?? openContest()
    contests.set(key, contest)
    contest.writers += 1
    const writer: Writer = {}
    try {
      if (contest.atTurn === undefined) contest.atTurn = writer
      else await waitForTurn(contest, writer, deadline)
      return await write(contest)
    } finally {
      contest.writers -= 1
      // Whoever had lost the turn, or never had it, has none to pass on.
      if (contest.atTurn === writer) passTurn(contest)
      if (contest.writers === 0) contests.delete(key)
    }
  }
}

function openContest(): Contest & Queue {
  return { lastVersion: 0, givenUpVersion: 0, writers: 0, atTurn: undefined, waiting: [], stall: undefined }
}

async function waitForTurn(queue: Queue, writer: Writer, { signal }: Deadline): Promise<void> {
  function leave(): void {
    queue.waiting = queue.waiting.filter((other) => other !== writer)
    writer.begin?.()
  }
  if (signal.aborted) return
  const begun = new Promise<void>((resolve) => {
    writer.begin = resolve
  })
  queue.waiting.push(writer)
  queue.stall ??= setTimeout(passTurn, STALL_MS, queue)
  signal.addEventListener('abort', leave)
  await begun
  signal.removeEventListener('abort', leave)
}

function passTurn(queue: Queue): void {
  clearTimeout(queue.stall)
  queue.atTurn = queue.waiting.shift()
  queue.atTurn?.begin?.()
  queue.stall = queue.waiting.length > 0 ? setTimeout(passTurn, STALL_MS, queue) : undefined
}
