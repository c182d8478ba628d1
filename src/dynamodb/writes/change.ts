import type { StoreError } from '../../errors.ts'
import type { ItemUpdate } from '../calls/write-calls.ts'
import type { Item } from '../items/attribute.ts'
import type { StoredState } from '../items/stored-state.ts'
import type { WriteTime } from './item-update.ts'

/** What one write makes of a category, each attempt in one UpdateItem. */
export type Change = {
  /** Features that it writes; undefined: it writes none, but deletes. */
  featureCount: number | undefined
  /** Whether the first attempt fails where nothing is stored. */
  needsItem: boolean
  /** The update for what is stored; undefined: nobody knows, and what is usual is assumed, which its conditions hold it to. */
  updateFor(stored: StoredState | undefined, at: WriteTime): ItemUpdate
  /** Why no further attempt is to follow one that what is stored refused; undefined: another one is. */
  refusalBy?(stored: StoredState, at: WriteTime): StoreError | undefined
  /** Takes the item that an attempt found, where its update asks for it; undefined: there was none. */
  noteBefore?(before: Item | undefined, at: WriteTime): void
  /** Whether what refused an attempt is what an earlier one made, whose reply was lost. */
  isDoneBy?(stored: StoredState, at: WriteTime): boolean
}
