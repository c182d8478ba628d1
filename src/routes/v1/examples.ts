const TIMESTAMP = '2025-10-07T07:46:26.943Z'

/** Metadata of a category whose writer said nothing, and of one whose writer gave all that it can. */
export const METADATA_EXAMPLE = { created_at: TIMESTAMP, updated_at: TIMESTAMP, source: 'api', compute_id: 'None', ttl: 'None' }
export const TIMED_METADATA_EXAMPLE = {
  created_at: TIMESTAMP,
  updated_at: TIMESTAMP,
  source: 'daily-job',
  compute_id: 'run-2025-10-07',
  ttl: 86400,
  expires_at: '2025-10-08T07:46:26.000Z',
  event_time: '2025-10-07T00:00:00.000Z',
}

export const DATA_EXAMPLE = { avg_credit_30d: 150.5, num_transactions: 25 }
export const USER_EXAMPLE = { age: 25, city: 'Lisbon', tags: ['new'] }

export const ITEM_EXAMPLE = {
  bright_uid: 'user123',
  category: 'trans_features',
  features: { data: DATA_EXAMPLE, metadata: METADATA_EXAMPLE },
}
export const USER_ITEM_EXAMPLE = {
  bright_uid: 'user123',
  category: 'user_features',
  features: { data: USER_EXAMPLE, metadata: TIMED_METADATA_EXAMPLE },
}

/** What a mapping found in ITEM_EXAMPLE, and did not. */
export const PICKED_EXAMPLE = {
  items: { trans_features: { ...ITEM_EXAMPLE, features: { data: { avg_credit_30d: 150.5 }, metadata: METADATA_EXAMPLE } } },
  missing_categories: ['user_features'],
  missing_features: { trans_features: ['unknown_feature'] },
}

export const MAPPING_EXAMPLE = { trans_features: ['avg_credit_30d', 'unknown_feature'], user_features: [] }

/** A page's cursor: opaque, so any text shows it. */
export const CURSOR_EXAMPLE = 'kbQ0n5tgXg3o1cOydXNlcl9mZWF0dXJlcw'
