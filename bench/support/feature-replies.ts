// What the service answers when the stand-in has every item, as objects: the measure of each contestant's answers.
const TIMESTAMP = '2025-10-07T07:46:26.943Z'
const METADATA = { created_at: TIMESTAMP, updated_at: TIMESTAMP, source: 'api', compute_id: 'None', ttl: 'None' }

/** The ten features of each item, see dynamodb-answers.ts. */
export const FEATURES: Record<string, number> = Object.fromEntries(
  Array.from({ length: 10 }, (_, index) => [`feature_${index}`, index + 0.25]),
)

/** One category of one entity. */
export function categoryReply(identifier: string, category: string) {
  return { bright_uid: identifier, category, features: { data: FEATURES, metadata: METADATA } }
}

/** Categories of one entity, none missing. */
export function mappingReply(identifier: string, categories: readonly string[]) {
  const items = Object.fromEntries(categories.map((category) => [category, categoryReply(identifier, category)]))
  return { identifier, table_type: 'bright_uid', items, missing_categories: [], missing_features: {} }
}

/** One category of many entities, none missing. */
export function entitiesReply(identifiers: readonly string[], category: string) {
  const entities = identifiers.map((identifier) => {
    const items = { [category]: categoryReply(identifier, category) }
    return { identifier, items, missing_categories: [], missing_features: {} }
  })
  return { table_type: 'bright_uid', entities }
}

/** A write of one category with all features. */
export function writeReply(identifier: string, category: string) {
  return {
    message: 'Items written successfully (full replace per category)',
    identifier,
    table_type: 'bright_uid',
    results: { [category]: { status: 'replaced', feature_count: Object.keys(FEATURES).length } },
    total_features: Object.keys(FEATURES).length,
  }
}
