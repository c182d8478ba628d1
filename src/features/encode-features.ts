import { quoteName } from '../json/quote-name.ts'
import { isPlainText } from '../json/quote-text.ts'
import { checkFeatureName } from './check-names.ts'
import { checkNumber } from './check-number.ts'
import { type Finding, MAX_FINDINGS } from './finding.ts'
import { MAX_NESTING, MAX_NUMBER_MAGNITUDE, MIN_NUMBER_MAGNITUDE } from './limits.ts'
import { CONTAINER_BYTES, FLAG_BYTES, MEMBER_BYTES, numberBytes } from './value-bytes.ts'

/** Features as the store takes them. */
export type EncodedFeatures = {
  /** By name, in the order of the object's keys, each value as DynamoDB's JSON: `{"N":"150.5"}`. A Map, as a name may be any text. */
  members: ReadonlyMap<string, string>
  /**
   * What they count for in an item's size: for each its name, its value with all that it holds, and MEMBER_BYTES for its
   * place. The bytes of the map around them are not among them.
   */
  bytes: number
}

/** Null, and the two others that have no parts, as DynamoDB's JSON. */
export const ENCODED_NULL = '{"NULL":true}'
export const ENCODED_TRUE = '{"BOOL":true}'
export const ENCODED_FALSE = '{"BOOL":false}'

/** What goes along with the one pass over a category's features. */
type Walk = {
  /** Names and indexes of the containers around the value in hand, from the body's root. */
  place: PropertyKey[]
  findings: Finding[]
  bytes: number
}

// A double has at most 17 digits, so that its magnitude alone decides. Powers of ten are read as the nearest doubles, which
// print as these powers: what is below one prints as less.
const MIN_DOUBLE = Number(`1e${MIN_NUMBER_MAGNITUDE}`)
const END_OF_DOUBLES = Number(`1e${MAX_NUMBER_MAGNITUDE + 1}`)

/**
 * Features of one category, as parseJson made them, for the store: checked, counted and written in one pass. Adds to
 * `findings` what of them DynamoDB would refuse or change: a name, a number, a lone surrogate, the nesting. Stops at
 * MAX_FINDINGS. `at` is the category's own place. The result is of use only where nothing was added.
 */
export function encodeFeatures(features: object, at: readonly PropertyKey[], findings: Finding[]): EncodedFeatures {
  const walk: Walk = { place: [...at], findings, bytes: 0 }
  const named = features as Readonly<Record<string, unknown>>
  const members = new Map<string, string>()
  for (const name in named) {
    if (findings.length >= MAX_FINDINGS) break
    members.set(name, encodeNamed(name, named[name], 0, walk))
  }
  return { members, bytes: walk.bytes }
}

/** A member's value, `depth` containers deep, once its name is known to be one. */
function encodeNamed(name: string, value: unknown, depth: number, walk: Walk): string {
  // Most names: nothing to check but the two that are never allowed.
  if (isPlainText(name) && name !== '' && name !== '__proto__') {
    walk.bytes += MEMBER_BYTES + name.length
    return encodeValue(name, value, depth, walk)
  }
  const fault = checkFeatureName(name)
  if (fault !== undefined) return refuse(name, `feature name ${fault}`, walk)
  walk.bytes += MEMBER_BYTES + Buffer.byteLength(name)
  return encodeValue(name, value, depth, walk)
}

/** `segment`: its name or index in the container around it. */
function encodeValue(segment: PropertyKey, value: unknown, depth: number, walk: Walk): string {
  if (typeof value === 'string') return encodeText(segment, value, walk)
  if (typeof value === 'number') return encodeDouble(segment, value, walk)
  if (typeof value === 'object' && value !== null) return encodeObject(segment, value, depth, walk)
  walk.bytes += FLAG_BYTES
  if (typeof value === 'boolean') return value ? ENCODED_TRUE : ENCODED_FALSE
  return ENCODED_NULL
}

function encodeText(segment: PropertyKey, text: string, walk: Walk): string {
  if (isPlainText(text)) {
    walk.bytes += text.length
    return `{"S":"${text}"}`
  }
  if (!text.isWellFormed()) return refuse(segment, 'holds a lone surrogate, which UTF-8 cannot represent', walk)
  walk.bytes += Buffer.byteLength(text)
  return `{"S":${JSON.stringify(text)}}`
}

function encodeDouble(segment: PropertyKey, value: number, walk: Walk): string {
  const size = Math.abs(value)
  const isKept = (size >= MIN_DOUBLE && size < END_OF_DOUBLES) || size === 0
  return isKept ? encodeDigits(String(value), walk) : encodeNumber(segment, String(value), walk)
}

function encodeNumber(segment: PropertyKey, text: string, walk: Walk): string {
  const fault = checkNumber(text)
  return fault === undefined ? encodeDigits(text, walk) : refuse(segment, fault, walk)
}

function encodeDigits(text: string, walk: Walk): string {
  walk.bytes += numberBytes(text)
  return `{"N":"${text}"}`
}

function encodeObject(segment: PropertyKey, value: object, depth: number, walk: Walk): string {
  if (JSON.isRawJSON(value)) return encodeNumber(segment, value.rawJSON, walk)
  // Before what it holds, however deep that goes: the stack has an end, too.
  if (depth === MAX_NESTING) return refuse(segment, `nested deeper than ${MAX_NESTING} arrays or objects`, walk)
  walk.bytes += CONTAINER_BYTES
  walk.place.push(segment)
  const text = Array.isArray(value) ? encodeList(value, depth + 1, walk) : encodeMap(value, depth + 1, walk)
  walk.place.pop()
  return text
}

function encodeList(values: readonly unknown[], depth: number, walk: Walk): string {
  let items = ''
  for (let index = 0; index < values.length && walk.findings.length < MAX_FINDINGS; index += 1) {
    walk.bytes += MEMBER_BYTES
    items += (index === 0 ? '' : ',') + encodeValue(index, values[index], depth, walk)
  }
  return `{"L":[${items}]}`
}

function encodeMap(map: object, depth: number, walk: Walk): string {
  const named = map as Readonly<Record<string, unknown>>
  let members = ''
  for (const name in named) {
    if (walk.findings.length >= MAX_FINDINGS) break
    members += (members === '' ? '' : ',') + quoteName(name) + encodeNamed(name, named[name], depth, walk)
  }
  return `{"M":{${members}}}`
}

/** Notes what cannot be kept, and where; nothing is written then. */
function refuse(segment: PropertyKey, message: string, walk: Walk): string {
  walk.findings.push({ at: [...walk.place, segment], message })
  return ''
}
