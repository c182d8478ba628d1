import type { FeatureRecord, ItemKey, TableType } from '../../features/feature-record.ts'
import type { Item } from './attribute.ts'
import { keyOf } from './item-key.ts'
import { toRecord } from './record-json.ts'

/** An item as readers take it. */
export type ReadItem = {
  /** Undefined where it is none of the table. */
  key: ItemKey | undefined
  /** See toRecord. */
  recordAt: (names: readonly string[], nowMs: number) => FeatureRecord | undefined
}

/** What a reply has in the place of an item: a ReadItem where it was read off the bytes, else what JSON.parse made. */
export function toReadItem(item: Item | ReadItem, tableType: TableType): ReadItem {
  if (isReadItem(item)) return item
  return { key: keyOf(item, tableType), recordAt: (names, nowMs) => toRecord(item, names, nowMs) }
}

/** No JSON has a function. */
function isReadItem(item: Item | ReadItem): item is ReadItem {
  return typeof item?.recordAt === 'function'
}
