import { MAX_PLAIN_CHARACTERS, numberJson } from '../../json/number-text.ts'
import {
  BACKSLASH,
  behind,
  behindString,
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COLON,
  COMMA,
  type JsonBytes,
  OPENING_BRACE,
  OPENING_BRACKET,
  QUOTE,
  SPACE,
  standsAt,
  textOf,
  UNUSUAL,
} from './json-bytes.ts'

/** Where JSON is written to, and how far it has come. What is beyond the bytes is not written: `at` tells that there was more. */
export type Output = { readonly bytes: Buffer; at: number }

const NUMBER = Buffer.from('{"N":')
const STRING = Buffer.from('{"S":')
const MAP = Buffer.from('{"M":')
const LIST = Buffer.from('{"L":')
const NULL = Buffer.from('{"NULL":true}')
const TRUE = Buffer.from('{"BOOL":true}')
const FALSE = Buffer.from('{"BOOL":false}')
const NULL_JSON = Buffer.from('null')
const TRUE_JSON = Buffer.from('true')
const FALSE_JSON = Buffer.from('false')

const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39
// DynamoDB's own limit is 32.
const MAX_DEPTH = 40

/** Where the object of a map begins. */
export function mapAt(bytes: JsonBytes, attributeAt: number): number {
  if (!standsAt(bytes, attributeAt, MAP)) throw UNUSUAL
  return attributeAt + MAP.length
}

/** The text of a string attribute. */
export function textAt(bytes: JsonBytes, attributeAt: number): string {
  return stringIn(bytes, attributeAt, STRING)
}

/** The digits of a number attribute. */
export function digitsAt(bytes: JsonBytes, attributeAt: number): string {
  return stringIn(bytes, attributeAt, NUMBER)
}

function stringIn(bytes: JsonBytes, attributeAt: number, type: Buffer): string {
  if (!standsAt(bytes, attributeAt, type)) throw UNUSUAL
  const start = attributeAt + type.length
  const end = behindString(bytes, start)
  behind(bytes, end, CLOSING_BRACE)
  return textOf(bytes, start, end)
}

/** Whether an attribute is null. */
export function isNullAt(bytes: JsonBytes, attributeAt: number): boolean {
  return standsAt(bytes, attributeAt, NULL)
}

/**
 * Writes a stored attribute as the JSON of its value, as attributeJson does, and returns the place behind it.
 * Names of a map are taken to be distinct, as DynamoDB's are.
 * @throws UNUSUAL where it is not of the types that this service stores.
 */
export function copyAttribute(bytes: JsonBytes, at: number, out: Output, depth = 0): number {
  if (standsAt(bytes, at, NUMBER)) return behind(bytes, copyNumber(bytes, at + NUMBER.length, out), CLOSING_BRACE)
  if (standsAt(bytes, at, STRING)) return behind(bytes, copyString(bytes, at + STRING.length, out), CLOSING_BRACE)
  if (standsAt(bytes, at, TRUE)) return at + writeInstead(out, TRUE_JSON, TRUE)
  if (standsAt(bytes, at, FALSE)) return at + writeInstead(out, FALSE_JSON, FALSE)
  if (standsAt(bytes, at, NULL)) return at + writeInstead(out, NULL_JSON, NULL)
  if (depth === MAX_DEPTH) throw UNUSUAL
  if (standsAt(bytes, at, MAP)) return behind(bytes, copyObject(bytes, at + MAP.length, out, depth + 1), CLOSING_BRACE)
  if (standsAt(bytes, at, LIST)) return behind(bytes, copyArray(bytes, at + LIST.length, out, depth + 1), CLOSING_BRACE)
  throw UNUSUAL
}

function writeInstead(out: Output, json: Buffer, attribute: Buffer): number {
  writeBytes(out, json)
  return attribute.length
}

/** An object of attributes; `onMember` is told where the value of each begins. */
export function copyObject(
  bytes: JsonBytes,
  start: number,
  out: Output,
  depth: number,
  onMember?: (valueAt: number) => void,
): number {
  let at = copyByte(bytes, start, OPENING_BRACE, out)
  for (let isFirst = true; bytes[at] !== CLOSING_BRACE; isFirst = false) {
    if (!isFirst) at = copyByte(bytes, at, COMMA, out)
    const valueAt = copyByte(bytes, copyString(bytes, at, out), COLON, out)
    onMember?.(valueAt)
    at = copyAttribute(bytes, valueAt, out, depth)
  }
  return copyByte(bytes, at, CLOSING_BRACE, out)
}

function copyArray(bytes: JsonBytes, start: number, out: Output, depth: number): number {
  let at = copyByte(bytes, start, OPENING_BRACKET, out)
  for (let isFirst = true; bytes[at] !== CLOSING_BRACKET; isFirst = false) {
    if (!isFirst) at = copyByte(bytes, at, COMMA, out)
    at = copyAttribute(bytes, at, out, depth)
  }
  return copyByte(bytes, at, CLOSING_BRACKET, out)
}

function copyByte(bytes: JsonBytes, at: number, byte: number, out: Output): number {
  out.bytes[out.at] = byte
  out.at += 1
  return behind(bytes, at, byte)
}

function copyString(bytes: JsonBytes, start: number, out: Output): number {
  const { bytes: target } = out
  let at = behind(bytes, start, QUOTE)
  let to = out.at
  target[to++] = QUOTE
  for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[at]) {
    if (byte === BACKSLASH) return copyEscaped(bytes, start, out)
    if (byte === undefined || byte < SPACE) throw UNUSUAL
    target[to++] = byte
    at += 1
  }
  target[to++] = QUOTE
  out.at = to
  return at + 1
}

/** A string with escapes, as JSON.stringify has them. */
function copyEscaped(bytes: JsonBytes, start: number, out: Output): number {
  const end = behindString(bytes, start)
  writeText(out, JSON.stringify(textOf(bytes, start, end)))
  return end
}

/** A number, which stands in quotes: its own digits where they are plain, else as numberJson has it. */
function copyNumber(bytes: JsonBytes, start: number, out: Output): number {
  const first = behind(bytes, start, QUOTE)
  const end = plainNumberEnd(bytes, first)
  if (end === -1) {
    const stringEnd = behindString(bytes, start)
    writeText(out, numberJson(textOf(bytes, start, stringEnd)))
    return stringEnd
  }
  copyBytes(bytes, first, end, out)
  return end + 1
}

/** Where a number's closing quote stands; -1 where it is not as numberJson leaves it: no exponent, minus zero or idle zeros. */
function plainNumberEnd(bytes: JsonBytes, start: number): number {
  const first = bytes[start] === MINUS ? start + 1 : start
  let at = first
  let points = 0
  for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[at]) {
    if (byte === POINT) points += 1
    else if (byte === undefined || byte < ZERO || byte > NINE) return -1
    at += 1
  }
  const isZero = at === first + 1 && first === start
  const startsPlain = at > first && bytes[first] !== POINT && (bytes[first] !== ZERO || bytes[first + 1] === POINT || isZero)
  const endsPlain = points === 0 || (points === 1 && (bytes[at - 1] as number) > ZERO)
  return startsPlain && endsPlain && at - start <= MAX_PLAIN_CHARACTERS ? at : -1
}

/** Writes bytes as they are. */
export function writeBytes(out: Output, bytes: Buffer): void {
  copyBytes(bytes, 0, bytes.length, out)
}

/** Writes a text as UTF-8. */
export function writeText(out: Output, text: string): void {
  if (text === '') return
  out.bytes.write(text, out.at)
  // Not what was written: of a character there is no room for, that is nothing.
  out.at += Buffer.byteLength(text)
}

// A loop: Buffer's own copy takes longer for so few.
function copyBytes(bytes: Buffer, start: number, end: number, out: Output): void {
  const { bytes: target } = out
  let to = out.at
  for (let at = start; at < end; at += 1) target[to++] = bytes[at] as number
  out.at = to
}
