import { StoreError } from '../../errors.ts'
import type { Entity, ItemKey, TableType } from '../../features/feature-record.ts'
import type { Item } from './attribute.ts'

/** The key of an item that a reply brought; undefined where it is no item of this table. */
export function keyOf(item: Item, tableType: TableType): ItemKey | undefined {
  const identifier: unknown = item?.[tableType]?.S
  const category: unknown = item?.category?.S
  return typeof identifier === 'string' && typeof category === 'string' ? { identifier, category } : undefined
}

/** Whether an item that a reply brought is the one at a key. */
export function isAt(item: Item, { tableType, identifier }: Entity, category: string): boolean {
  return item?.[tableType]?.S === identifier && item.category?.S === category
}

/**
 * An item that a reply brought for one key, or none.
 * @throws StoreError STORE_UNAVAILABLE when it is the item of another key.
 */
export function requireAt(item: Item | undefined, entity: Entity, category: string): Item | undefined {
  if (item === undefined || isAt(item, entity, category)) return item
  throw new StoreError('STORE_UNAVAILABLE', 'The store answered with an item that was not asked for.')
}
