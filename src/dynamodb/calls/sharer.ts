import type { ItemKey } from '../../features/feature-record.ts'
import type { Deadline } from '../../request-scope.ts'
import type { ReadItem } from '../items/read-item.ts'
import { keyText } from './call-context.ts'
import type { Progress } from './progress.ts'

/** What was said of each key that one caller asked for. */
export type SharedItems<Key extends ItemKey> = { items: [key: Key, item: ReadItem][]; missing: Key[] }

/** One of those who share a read: it has its own deadline, and its own answer. */
export type Sharer = {
  deadline: Deadline
  /** The keys that nothing was said of yet, by keyText. */
  open: ReadonlyMap<string, ItemKey>
  /** Begins to listen for its end. */
  begin: () => void
  /** From now on a call is made for it alone. */
  follow: (own: Progress) => void
  /** Takes what was said of one of its keys, once; undefined: nothing is stored. With the last of them it is answered. */
  take: (text: string, item: ReadItem | undefined) => void
  fail: (error: unknown) => void
  /** Fails with what its deadline, or its hang-up, calls for. */
  giveUp: () => void
}

type SharerOptions<Key extends ItemKey> = {
  keys: readonly Key[]
  deadline: Deadline
  /** Its error when its time is up: by how far a call of its own has come, or else the shared one. */
  endOf: (own: Progress | undefined) => Error
  onEnd: (sharer: Sharer) => void
  resolve: (said: SharedItems<Key>) => void
  reject: (error: unknown) => void
}

/** Takes the answers to one caller's keys, from whichever call they come, until it has them all or has ended. */
export function createSharer<Key extends ItemKey>(options: SharerOptions<Key>): Sharer {
  const { keys, deadline, endOf, onEnd, resolve, reject } = options
  const open = new Map(keys.map((key) => [keyText(key), key]))
  const said: SharedItems<Key> = { items: [], missing: [] }
  let own: Progress | undefined

  function giveUp(): void {
    sharer.fail(endOf(own))
  }

  const sharer: Sharer = {
    deadline,
    open,
    begin() {
      if (deadline.signal.aborted) giveUp()
      else deadline.signal.addEventListener('abort', giveUp, { once: true })
    },
    follow(progress) {
      own = progress
    },
    take(text, item) {
      const key = open.get(text)
      if (key === undefined) return
      open.delete(text)
      if (item === undefined) said.missing.push(key)
      else said.items.push([key, item])
      if (open.size > 0) return
      deadline.signal.removeEventListener('abort', giveUp)
      resolve(said)
      onEnd(sharer)
    },
    fail(error) {
      deadline.signal.removeEventListener('abort', giveUp)
      reject(error)
      onEnd(sharer)
    },
    giveUp,
  }
  return sharer
}
