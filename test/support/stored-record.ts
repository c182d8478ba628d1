import { expect } from 'vitest'
import type { Attribute, Item } from '../../src/dynamodb/items/attribute.ts'
import type { ReadItem } from '../../src/dynamodb/items/read-item.ts'
import { toRecord } from '../../src/dynamodb/items/record-json.ts'
import { createReplyReaders } from '../../src/dynamodb/items/reply-bytes.ts'
import type { FeatureRecord } from '../../src/features/feature-record.ts'
import { canonicalJson } from './canonical-json.ts'

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

const { ofItem } = createReplyReaders('features_bright_uid', 'bright_uid')

/** An item as it is read off a GetItem's reply; undefined: it is to be read as an object. */
export function readOffBytes(reply: string | Buffer): ReadItem | undefined {
  return ofItem(Buffer.from(reply))?.Item as ReadItem | undefined
}

/**
 * What is served of an item that is live; names: those of the features asked for, none for all. Where it is read off bytes,
 * too, the same must come of it.
 */
export function servedOf(item: Item, names: readonly string[] = []): FeatureRecord {
  const nowMs = Date.parse(WRITTEN_AT)
  const served = toRecord(item, names, nowMs)
  if (served === undefined) throw new Error('nothing is served of the item')
  const read = readOffBytes(JSON.stringify({ Item: item }))
  if (read !== undefined) expect(inOneForm(read.recordAt(names, nowMs))).toEqual(inOneForm(served))
  return served
}

/** A record whose text has its members in the one order of all that mean the same. */
export function inOneForm(record: FeatureRecord | undefined) {
  return record && { ...record, json: canonicalJson(record.json) }
}

/** The text in which one stored feature is served. */
export function featureJson(attribute: Attribute): string {
  return servedOf(itemOf({ f: attribute })).json.slice('{"data":{"f":'.length, -`},"metadata":${USUAL_METADATA}}`.length)
}
