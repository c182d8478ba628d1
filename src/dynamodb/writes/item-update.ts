import { DEFAULT_METADATA, type WriterMetadata } from '../../features/feature-record.ts'
import { quoteText } from '../../json/quote-text.ts'
import type { ItemUpdate } from '../calls/write-calls.ts'
import { toSeconds } from '../items/stored-state.ts'

/** When a write is made: its version, milliseconds since the epoch, and the time, which a version may be ahead of. */
export type WriteTime = { version: number; nowMs: number }

/** What an update does and on what conditions, in DynamoDB's expressions, all of whose names and values are placeholders. */
export type UpdateTerms = {
  set: readonly string[]
  remove?: readonly string[]
  conditions: readonly string[]
  /** Names beside those of our own attributes. */
  names?: Readonly<Record<string, string>>
  /** Whether the item before is asked for. */
  returnsOld?: boolean
}

/** Values by placeholder, as DynamoDB's JSON. */
export type Values = Readonly<Record<string, string>>

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

/**
 * Makes updates of these terms, which differ in their values, with the names and values that they use and no other: DynamoDB
 * refuses those. All but the values is put together once: it takes 8 us.
 */
export function prepareUpdate({ set, remove = [], conditions, names = {}, returnsOld = false }: UpdateTerms) {
  const update = updateText({ set, remove })
  const condition = conditions.join(' AND ')
  const placeholders = [...new Set(`${update} ${condition}`.match(/[#:]\w+/g))]
  const allNames = { ...NAMES, ...names }
  const usedNames = placeholders.filter((placeholder) => placeholder.startsWith('#'))
  const head = JSON.stringify({
    UpdateExpression: update,
    ConditionExpression: condition,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ...(returnsOld ? { ReturnValues: 'ALL_OLD' } : {}),
    ExpressionAttributeNames: Object.fromEntries(usedNames.map((name) => [name, requireUsed(allNames, name)])),
  })
  const start = `${head.slice(1, -1)},"ExpressionAttributeValues":{`
  const usedValues = placeholders.filter((placeholder) => placeholder.startsWith(':'))

  return (values: Values): ItemUpdate => {
    let members = ''
    for (const name of usedValues) members += `${members === '' ? '' : ','}"${name}":${requireUsed(values, name)}`
    return `${start}${members}}`
  }
}

function requireUsed(all: Readonly<Record<string, string>>, name: string): string {
  const used = all[name]
  if (used === undefined) throw new Error(`no ${name} for the expression`)
  return used
}

/** An update's expression, of which DynamoDB takes 4 KB. */
export function updateText({ set, remove = [] }: Pick<UpdateTerms, 'set' | 'remove'>): string {
  return `SET ${set.join(',')}${remove.length > 0 ? ` REMOVE ${remove.join(',')}` : ''}`
}

let lastVersion = Number.NaN
let lastTimestamp = ''

/** A version's time; the writes of one millisecond share its text. */
function timestampJson(version: number): string {
  if (version !== lastVersion) {
    lastVersion = version
    lastTimestamp = `{"S":"${new Date(version).toISOString()}"}`
  }
  return lastTimestamp
}

/** The values by which every update's conditions and times go. */
export function timeValues({ version, nowMs }: WriteTime) {
  return {
    ':version': `{"N":"${version}"}`,
    ':timestamp': timestampJson(version),
    ':now': `{"N":"${toSeconds(nowMs)}"}`,
    ':number': '{"S":"N"}',
    ':map': '{"S":"M"}',
  }
}

/** The metadata inside `features`, `updatedAt` as timeValues has it; the times that decide over an item are attributes of their own. */
export function metadataJson({ source, computeId, ttlSeconds }: WriterMetadata, updatedAt: string): string {
  const ttl = ttlSeconds === undefined ? `{"S":"${DEFAULT_METADATA.ttl}"}` : `{"N":"${ttlSeconds}"}`
  const writer = `"source":{"S":${quoteText(source)}},"compute_id":{"S":${quoteText(computeId)}}`
  return `{"M":{"updated_at":${updatedAt},${writer},"ttl":${ttl}}}`
}

/** Features as the map `data`. */
export function dataJson(members: ReadonlyMap<string, string>): string {
  let text = ''
  for (const [name, value] of members) text += `${text === '' ? '' : ','}${quoteText(name)}:${value}`
  return `{"M":{${text}}}`
}

/** `features`: the map of both. */
export function featuresJson(data: string, metadata: string): string {
  return `{"M":{"data":${data},"metadata":${metadata}}}`
}
