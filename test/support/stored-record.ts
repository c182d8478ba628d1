import type { Attribute, Item } from '../../src/dynamodb/items/attribute.ts'
import { toRecord } from '../../src/dynamodb/items/record-json.ts'
import type { FeatureRecord } from '../../src/features/feature-record.ts'

export const WRITTEN_AT = '2025-10-07T07:46:26.943Z'

/** What `metadata` is served as of an item that says nothing of its own. */
export const USUAL_METADATA = `{"created_at":"${WRITTEN_AT}","updated_at":"${WRITTEN_AT}","source":"api","compute_id":"None","ttl":"None"}`

/** An item as the service stores it, with features of one's own, and any attribute in another's place. */
export function itemOf(data: Item, others: Item = {}): Item {
  const metadata = { updated_at: { S: WRITTEN_AT }, source: { S: 'api' }, compute_id: { S: 'None' }, ttl: { S: 'None' } }
  return {
    bright_uid: { S: 'user-1' },
    category: { S: 'a category' },
    features: { M: { data: { M: data }, metadata: { M: metadata } } },
    created_at: { S: WRITTEN_AT },
    version: { N: String(Date.parse(WRITTEN_AT)) },
    ...others,
  }
}

/** What is served of an item that is live; names: those of the features asked for, none for all. */
export function servedOf(item: Item, names: readonly string[] = []): FeatureRecord {
  const served = toRecord(item, names, Date.parse(WRITTEN_AT))
  if (served === undefined) throw new Error('nothing is served of the item')
  return served
}

/** The text in which one stored feature is served. */
export function featureJson(attribute: Attribute): string {
  return servedOf(itemOf({ f: attribute })).json.slice('{"data":{"f":'.length, -`},"metadata":${USUAL_METADATA}}`.length)
}
