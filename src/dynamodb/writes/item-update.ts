import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { DEFAULT_METADATA, type WriterMetadata } from '../../features/feature-record.ts'
import type { ItemUpdate } from '../calls/write-calls.ts'
import { type Item, toSeconds } from '../items/stored-state.ts'

/** When a write is made: its version, milliseconds since the epoch, and the time, which a version may be ahead of. */
export type WriteTime = { version: number; nowMs: number }

/** What an update does and on what conditions, in DynamoDB's expressions, all of whose names and values are placeholders. */
export type UpdateTerms = {
  set: readonly string[]
  remove?: readonly string[]
  conditions: readonly string[]
  values: Item
  /** Names beside those of our own attributes. */
  names?: Readonly<Record<string, string>>
}

/** The attributes of an item by placeholder. A merge repeats the two short ones for each feature. */
const NAMES: Readonly<Record<string, string>> = {
  '#category': 'category',
  '#F': 'features',
  '#D': 'data',
  '#metadata': 'metadata',
  '#created_at': 'created_at',
  '#updated_at': 'updated_at',
  '#version': 'version',
  '#expires_at': 'expires_at',
  '#event_time': 'event_time',
  '#deleted': 'deleted',
  '#buried': 'buried',
}

// An attempt that was given up on and arrives late must not undo what was acknowledged since.
export const IS_LATER = '(attribute_not_exists(#version) OR #version < :version)'
export const IS_ABSENT = 'attribute_not_exists(#category)'
export const IS_DELETED = '(attribute_exists(#deleted) AND attribute_not_exists(#F))'
export const IS_EXPIRED = '(attribute_type(#expires_at, :number) AND #expires_at <= :now)'
export const IS_NOT_EXPIRED = '(NOT attribute_type(#expires_at, :number) OR #expires_at > :now)'

// created_at belongs to the item's first write; items of the older service hold it inside features.metadata.
export const KEEP_CREATED_AT = '#created_at=if_not_exists(#created_at,if_not_exists(#F.#metadata.#created_at,:timestamp))'

/** An update of these terms, with the names and values that it uses and no other: DynamoDB refuses those. */
export function toUpdate({ set, remove = [], conditions, values, names = {} }: UpdateTerms): ItemUpdate {
  const update = updateText({ set, remove })
  const condition = conditions.join(' AND ')
  const used = `${update} ${condition}`
  return {
    UpdateExpression: update,
    ConditionExpression: condition,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ExpressionAttributeNames: pickUsed(used, /#\w+/g, { ...NAMES, ...names }),
    ExpressionAttributeValues: pickUsed(used, /:\w+/g, values),
  }
}

/** An update's expression, of which DynamoDB takes 4 KB. */
export function updateText({ set, remove = [] }: Pick<UpdateTerms, 'set' | 'remove'>): string {
  return `SET ${set.join(',')}${remove.length > 0 ? ` REMOVE ${remove.join(',')}` : ''}`
}

/** The values by which every update's conditions and times go. */
export function timeValues({ version, nowMs }: WriteTime): Item {
  return {
    ':version': { N: String(version) },
    ':timestamp': { S: new Date(version).toISOString() },
    ':now': { N: String(toSeconds(nowMs)) },
    ':number': { S: 'N' },
    ':map': { S: 'M' },
  }
}

/** The metadata inside `features`; the times that decide over an item are attributes of their own. */
export function metadataMap({ source, computeId, ttlSeconds }: WriterMetadata, { version }: WriteTime): AttributeValue {
  return {
    M: {
      updated_at: { S: new Date(version).toISOString() },
      source: { S: source },
      compute_id: { S: computeId },
      ttl: ttlSeconds === undefined ? { S: DEFAULT_METADATA.ttl } : { N: String(ttlSeconds) },
    },
  }
}

function pickUsed<Value>(text: string, placeholder: RegExp, all: Readonly<Record<string, Value>>): Record<string, Value> {
  const used: Record<string, Value> = {}
  for (const [name] of text.matchAll(placeholder)) {
    const value = all[name]
    if (value === undefined) throw new Error(`no ${name} for the expression`)
    used[name] = value
  }
  return used
}
