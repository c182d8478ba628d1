import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { StoreError } from '../../errors.ts'
import type { Features, FeatureValue } from '../../features/feature-record.ts'
import { exactNumber } from '../../json/exact-number.ts'

/**
 * A feature value as DynamoDB's attribute tree, numbers as their own digits. The value is checked before: see
 * check-features.ts.
 *
 * Own code and not lib-dynamodb's marshaller, which rounds or refuses numbers beyond a double and takes an object with a
 * feature named `constructor` for a class instance.
 */
export function toAttribute(value: FeatureValue): AttributeValue {
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'number') return { N: String(value) }
  if (typeof value === 'boolean') return { BOOL: value }
  if (value === null) return { NULL: true }
  if (Array.isArray(value)) return { L: value.map(toAttribute) }
  if (JSON.isRawJSON(value)) return { N: value.rawJSON }
  return { M: toAttributeMap(value) }
}

/** Features as the members of a DynamoDB map. Names are checked before: none is `__proto__`. */
export function toAttributeMap(features: Features): Record<string, AttributeValue> {
  const map: Record<string, AttributeValue> = {}
  for (const name of Object.keys(features)) map[name] = toAttribute(features[name] ?? null)
  return map
}

/**
 * A stored attribute as a JSON value: every digit kept, sets as arrays, binary as base64.
 * @throws StoreError STORE_UNAVAILABLE when it is of no type that DynamoDB has: the SDK hands on whatever a reply has in its
 * place; RangeError when its number is none.
 */
export function fromAttribute(attribute: AttributeValue): FeatureValue {
  if (typeof attribute.S === 'string') return attribute.S
  if (typeof attribute.N === 'string') return exactNumber(attribute.N)
  if (typeof attribute.BOOL === 'boolean') return attribute.BOOL
  if (attribute.NULL === true) return null
  if (isRecord(attribute.M)) return fromAttributeMap(attribute.M)
  if (Array.isArray(attribute.L)) return attribute.L.map(fromAttribute)
  if (areTexts(attribute.SS)) return attribute.SS
  if (areTexts(attribute.NS)) return attribute.NS.map(exactNumber)
  if (attribute.B instanceof Uint8Array) return toBase64(attribute.B)
  if (Array.isArray(attribute.BS)) return attribute.BS.map(toBase64)
  throw new StoreError('STORE_UNAVAILABLE', 'The store answered with a value of an unknown type.')
}

/** A stored map as features. */
export function fromAttributeMap(map: Record<string, AttributeValue>): Features {
  // fromEntries defines its keys, so that a name like `__proto__`, stored by another writer, is kept as a name.
  return Object.fromEntries(Object.entries(map).map(([name, attribute]) => [name, fromAttribute(attribute)]))
}

/** Whether a member of a reply is an object, as its type says. */
export function isRecord(value: unknown): value is Record<string, AttributeValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function areTexts(values: unknown): values is string[] {
  return Array.isArray(values) && values.every((value) => typeof value === 'string')
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}
