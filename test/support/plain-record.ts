import type { Attribute } from '../../src/dynamodb/items/attribute.ts'
import { canonicalDecimal } from './canonical-json.ts'

/** A stored attribute as a JSON value, the slow and plain way: the rule that the service's reader is held to. */
export function plainValue(attribute: Attribute): unknown {
  if (attribute.S !== undefined) return attribute.S
  if (attribute.N !== undefined) return plainNumber(attribute.N)
  if (attribute.BOOL !== undefined) return attribute.BOOL
  if (attribute.M !== undefined) return plainFeatures(attribute.M)
  if (attribute.L !== undefined) return attribute.L.map(plainValue)
  if (attribute.NS !== undefined) return attribute.NS.map(plainNumber)
  return attribute.SS ?? attribute.B ?? attribute.BS ?? null
}

/** A stored map as a JSON object. */
export function plainFeatures(map: Record<string, Attribute>): Record<string, unknown> {
  // fromEntries defines its keys, so that `__proto__` is a name among them.
  return Object.fromEntries(Object.entries(map).map(([name, attribute]) => [name, plainValue(attribute)]))
}

function plainNumber(text: string): unknown {
  return JSON.rawJSON(canonicalDecimal(text))
}
