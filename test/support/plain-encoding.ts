import type { Features, FeatureValue } from '../../src/features/feature-record.ts'
import { canonicalDecimal } from './canonical-json.ts'

/** A feature value as DynamoDB's attribute, the slow and plain way: the rule that the service's encoder is held to. */
export function plainAttribute(value: FeatureValue): unknown {
  if (value === null) return { NULL: true }
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'boolean') return { BOOL: value }
  if (typeof value === 'number') return { N: String(value) }
  if (JSON.isRawJSON(value)) return { N: value.rawJSON }
  if (Array.isArray(value)) return { L: value.map(plainAttribute) }
  return { M: Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plainAttribute(member)])) }
}

/** The bytes of the members of a map, each with its name and place (DynamoDB Developer Guide, "DynamoDB item sizes and formats"). */
export function plainMemberBytes(features: Features): number {
  return sum(Object.entries(features).map(([name, value]) => 1 + Buffer.byteLength(name) + plainValueBytes(value)))
}

function plainValueBytes(value: FeatureValue): number {
  if (value === null || typeof value === 'boolean') return 1
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (typeof value === 'number') return plainNumberBytes(String(value))
  if (JSON.isRawJSON(value)) return plainNumberBytes(value.rawJSON)
  if (Array.isArray(value)) return 3 + sum(value.map((item) => 1 + plainValueBytes(item)))
  return 3 + plainMemberBytes(value)
}

/** One byte for two significant digits, and one more; zero has none. */
export function plainNumberBytes(text: string): number {
  return 1 + Math.ceil(significantDigits(text) / 2)
}

/** Digits of a number's text but for the zeros at either end. */
export function significantDigits(text: string): number {
  const [coefficient = ''] = canonicalDecimal(text).replace('-', '').split('e')
  return coefficient === '0' ? 0 : coefficient.length
}

function sum(bytes: number[]): number {
  return bytes.reduce((total, some) => total + some, 0)
}
