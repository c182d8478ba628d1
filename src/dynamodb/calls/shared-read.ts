import { RequestAbortedError } from '../../errors.ts'
import type { ItemKey, TableType } from '../../features/feature-record.ts'
import { createEnd, type Deadline, isOver } from '../../request-scope.ts'
import { keyText } from './call-context.ts'
import { endOf, type Progress, startProgress } from './progress.ts'
import type { ReadCalls, ReadOptions } from './read-calls.ts'
import { createSharer, type SharedItems, type Sharer } from './sharer.ts'
import { leftUnprocessed, untilProcessed } from './until-processed.ts'

/** What one call that several share has come to: told once it is over, whoever of them is still there. */
export type SharedCall = {
  operation: 'get_item' | 'batch_get_item'
  tableType: TableType
  /** Who shared it, in the first of its calls; those after it ask for what was left unprocessed. */
  readers: number
  progress: Progress
  /** Keys that something was said of, and those that were left unprocessed. */
  processed: number
  unprocessed: readonly ItemKey[]
}

export type SharedRead = ReturnType<typeof createSharedRead>

type SharedReadOptions = {
  calls: Pick<ReadCalls, 'getOne' | 'getBatch'>
  tableType: TableType
  options: ReadOptions
  onCall: (call: SharedCall) => void
}

// One for all: nobody is told of it.
const NOBODY_WAITS = new RequestAbortedError()

/**
 * Reads of several callers in one BatchGetItem, those of one key in one of its keys. Each is answered as if it had asked alone:
 * as soon as its own keys are, and by its own deadline.
 */
export function createSharedRead({ calls, tableType, options, onCall }: SharedReadOptions) {
  const sharersByKey = new Map<string, Sharer[]>()
  const sharers = new Set<Sharer>()
  const allGone = createEnd()
  let progress = startProgress()
  let isSent = false
  let isOfOne = true
  // Told of with the first ask, and only then.
  let readers = 0

  function leave(sharer: Sharer): void {
    sharers.delete(sharer)
    for (const text of sharer.open.keys()) {
      const others = (sharersByKey.get(text) ?? []).filter((other) => other !== sharer)
      if (others.length > 0) sharersByKey.set(text, others)
      else sharersByKey.delete(text)
    }
    // Before it is sent, others may still join.
    if (isSent && sharers.size === 0) allGone.end(NOBODY_WAITS)
  }

  /** One category that was asked for by itself is a GetItem, whoever else asks for it; what that left unprocessed is none. */
  function soleKey(keys: readonly ItemKey[]): ItemKey | undefined {
    const isFirstAsk = readers > 0
    return isFirstAsk && isOfOne && keys.length === 1 ? keys[0] : undefined
  }

  async function ask(pending: readonly ItemKey[]): Promise<readonly ItemKey[]> {
    const endsAtMs = Math.max(...[...sharers].map(({ deadline }) => deadline.endsAtMs))
    const own = startProgress()
    const only = soleKey(pending)
    const deadline = { signal: allGone.signal, endsAtMs }
    let left: readonly ItemKey[] = []
    let processed = 0
    progress = own
    try {
      const { items, missing, unprocessed } = only
        ? await calls.getOne(tableType, only, options, deadline, own)
        : await calls.getBatch(tableType, pending, options, deadline, own)
      processed = items.length + missing.length
      const told = [...items, ...missing.map((key) => [key, undefined] as const)]
      for (const [key, item] of told) {
        const text = keyText(key)
        const asking = sharersByKey.get(text) ?? []
        sharersByKey.delete(text)
        for (const sharer of asking) sharer.take(text, item)
      }
      left = unprocessed.filter((key) => sharersByKey.has(keyText(key)))
      if (left.length > 0) Object.assign(own, { awaitingReply: false, lastFailure: leftUnprocessed() })
      return left
    } finally {
      onCall({ operation: only ? 'get_item' : 'batch_get_item', tableType, readers, progress: own, processed, unprocessed: left })
      readers = 0
    }
  }

  /** Asks for each one's keys by themselves, where the store refused them together: one may be at fault, the others are not. */
  async function askForEach(): Promise<void> {
    await Promise.all(
      [...sharers].map(async (sharer) => {
        const { open, deadline } = sharer
        const own = startProgress()
        sharer.follow(own)
        try {
          await untilProcessed(
            [...open.values()],
            async (pending) => {
              const { items, missing, unprocessed } = await calls.getBatch(tableType, pending, options, deadline, own)
              for (const [key, item] of items) sharer.take(keyText(key), item)
              for (const key of missing) sharer.take(keyText(key), undefined)
              return unprocessed
            },
            deadline.signal,
          )
        } catch (error) {
          sharer.fail(error)
        }
      }),
    )
  }

  return {
    /** Distinct keys. */
    size: (): number => sharersByKey.size,

    /** Adds a caller, before it is sent; `isSingle`: it asks for one category, by itself. */
    join<Key extends ItemKey>(keys: readonly Key[], isSingle: boolean, deadline: Deadline): Promise<SharedItems<Key>> {
      isOfOne &&= isSingle
      readers += 1
      return new Promise((resolve, reject) => {
        const sharer = createSharer<Key>({
          keys,
          deadline,
          endOf: (own) => endOf(deadline.signal, own ?? progress),
          onEnd: leave,
          resolve,
          reject,
        })
        sharers.add(sharer)
        for (const text of sharer.open.keys()) {
          const others = sharersByKey.get(text)
          if (others) others.push(sharer)
          else sharersByKey.set(text, [sharer])
        }
        sharer.begin()
      })
    },

    /** Sends it; ends when all are answered. Never fails. */
    async send(): Promise<void> {
      isSent = true
      for (const sharer of sharers) if (isOver(sharer.deadline)) sharer.giveUp()
      const keys = [...sharersByKey].flatMap(([text, [sharer]]) => sharer?.open.get(text) ?? [])
      try {
        await untilProcessed(keys, ask, allGone.signal)
      } catch (error) {
        if (isRefusal(error)) await askForEach()
        else for (const sharer of sharers) sharer.fail(error)
      }
    },
  }
}

/** DynamoDB's refusal of what was asked, which our checks should have prevented. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'ValidationException'
}
