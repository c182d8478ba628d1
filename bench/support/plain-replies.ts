import type { TableType } from './plain-store.ts'

type Item = Record<string, unknown>
type Stored = { data?: Record<string, unknown>; metadata?: Record<string, unknown> }
type Mapping = Record<string, readonly string[]>

/** A stored item as the API shows it; only the named features, all where none is named. */
export function showItem(tableType: TableType, item: Item, names: readonly string[] = []) {
  const { data = {}, metadata = {} } = (item.features ?? {}) as Stored
  const { updated_at, source, compute_id, ttl } = metadata
  const created_at = item.created_at ?? metadata.created_at
  return {
    [tableType]: item[tableType],
    category: item.category,
    features: {
      data: names.length === 0 ? data : Object.fromEntries(namedIn(data, names).map((name) => [name, data[name]])),
      metadata: { created_at, updated_at, source, compute_id, ttl },
    },
  }
}

/** An entity's items by category, and what of the mapping is not stored. */
export function showEntity(tableType: TableType, mapping: Mapping, items: readonly Item[]) {
  const byCategory = new Map(items.map((item) => [item.category, item]))
  const shown: Record<string, ReturnType<typeof showItem>> = {}
  const missingCategories: string[] = []
  const missingFeatures: Record<string, string[]> = {}
  for (const [category, names] of Object.entries(mapping)) {
    const item = byCategory.get(category)
    if (!item) {
      missingCategories.push(category)
      continue
    }
    const { data = {} } = (item.features ?? {}) as Stored
    shown[category] = showItem(tableType, item, names)
    const found = namedIn(data, names)
    if (found.length < names.length) missingFeatures[category] = names.filter((name) => !found.includes(name))
  }
  return { items: shown, missing_categories: missingCategories, missing_features: missingFeatures }
}

function namedIn(data: Record<string, unknown>, names: readonly string[]): string[] {
  return names.filter((name) => Object.hasOwn(data, name))
}
