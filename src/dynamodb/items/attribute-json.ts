import { StoreError } from '../../errors.ts'
import { joinTexts } from '../../json/join-texts.ts'
import { numberJson } from '../../json/number-text.ts'
import { quoteName } from '../../json/quote-name.ts'
import { quoteText } from '../../json/quote-text.ts'
import type { Attribute, Item } from './attribute.ts'

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/**
 * A stored attribute as the JSON text of its value, with nothing built in between: every digit kept, sets as arrays,
 * binary as base64.
 * @throws StoreError STORE_UNAVAILABLE when it is of no type that DynamoDB has; RangeError when its number is none.
 */
export function attributeJson(attribute: Attribute | null | undefined): string {
  if (attribute === undefined || attribute === null) throw unreadable()
  if (typeof attribute.S === 'string') return quoteText(attribute.S)
  if (typeof attribute.N === 'string') return numberJson(attribute.N)
  if (typeof attribute.BOOL === 'boolean') return attribute.BOOL ? 'true' : 'false'
  if (attribute.NULL === true) return 'null'
  if (isMap(attribute.M)) return mapJson(attribute.M)
  if (Array.isArray(attribute.L)) return arrayJson(attribute.L, attributeJson)
  return rareJson(attribute)
}

/** Whether a member of a reply is a map, as its type says. */
export function isMap(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What this service never writes, and others may have. */
function rareJson({ SS, NS, B, BS }: Attribute): string {
  if (areTexts(SS)) return arrayJson(SS, quoteText)
  if (areTexts(NS)) return arrayJson(NS, numberJson)
  if (typeof B === 'string') return base64Json(B)
  if (areTexts(BS)) return arrayJson(BS, base64Json)
  throw unreadable()
}

function mapJson(map: Item): string {
  let members = ''
  for (const name in map) members += (members === '' ? '' : ',') + quoteName(name) + attributeJson(map[name])
  return `{${members}}`
}

function arrayJson<Value>(values: readonly Value[], toJson: (value: Value) => string): string {
  return `[${joinTexts(values, toJson)}]`
}

function areTexts(values: unknown): values is string[] {
  return Array.isArray(values) && values.every((value) => typeof value === 'string')
}

/** Base64 in its one canonical spelling: the spare bits of the last character may have been anything. */
function base64Json(text: string): string {
  if (text.length % 4 !== 0 || !BASE64.test(text)) throw unreadable()
  return `"${Buffer.from(text, 'base64').toString('base64')}"`
}

function unreadable(): StoreError {
  return new StoreError('STORE_UNAVAILABLE', 'The store answered with a value of an unknown type.')
}
