import '../../json/sound-parse.ts'

/** Bytes that are read as JSON in UTF-8 with no space between its tokens, as DynamoDB writes it. Places are counted in them. */
export type JsonBytes = Buffer

export const SPACE = 0x20
export const QUOTE = 0x22
export const BACKSLASH = 0x5c
export const COMMA = 0x2c
export const COLON = 0x3a
export const OPENING_BRACE = 0x7b
export const CLOSING_BRACE = 0x7d
export const OPENING_BRACKET = 0x5b
export const CLOSING_BRACKET = 0x5d

/** Thrown where bytes are not as usual, with no stack to pay for: they may be right all the same, and are to be read as objects. */
export const UNUSUAL = new Error('unusual bytes')

/** Whether these bytes stand at a place. */
export function standsAt(bytes: JsonBytes, at: number, expected: Buffer): boolean {
  for (let index = 0; index < expected.length; index += 1) if (bytes[at + index] !== expected[index]) return false
  return true
}

/** The place behind a byte that must be there. */
export function behind(bytes: JsonBytes, at: number, byte: number): number {
  if (bytes[at] !== byte) throw UNUSUAL
  return at + 1
}

/** The place behind a string. */
export function behindString(bytes: JsonBytes, start: number): number {
  let at = behind(bytes, start, QUOTE)
  for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[at]) {
    // There is none behind the end.
    if (byte === undefined || byte < SPACE) throw UNUSUAL
    at += byte === BACKSLASH ? 2 : 1
  }
  return at + 1
}

/** The place behind a value, which is not looked at beyond its brackets and strings. */
export function behindValue(bytes: JsonBytes, start: number): number {
  let depth = 0
  let at = start
  do {
    const byte = bytes[at]
    if (byte === undefined) throw UNUSUAL
    if (byte === OPENING_BRACE || byte === OPENING_BRACKET) depth += 1
    else if (byte === CLOSING_BRACE || byte === CLOSING_BRACKET) depth -= 1
    at = byte === QUOTE ? behindString(bytes, at) : at + 1
  } while (depth > 0)
  return at
}

/** The text of the string between two places. */
export function textOf(bytes: JsonBytes, start: number, end: number): string {
  for (let at = start; at < end; at += 1) {
    if (bytes[at] === BACKSLASH) return JSON.parse(bytes.toString('utf8', start, end))
  }
  return bytes.toString('utf8', start + 1, end - 1)
}

/**
 * Visits the members of an object, each of which must have another of these names (in quotes, 32 at most), and returns the
 * place behind the object.
 * `visit` is told which name it is and where its value begins, and returns the place behind the value.
 */
export function visitMembers(
  bytes: JsonBytes,
  start: number,
  names: readonly Buffer[],
  visit: (name: number, valueAt: number) => number,
): number {
  let seen = 0
  let at = behind(bytes, start, OPENING_BRACE)
  if (bytes[at] === CLOSING_BRACE) return at + 1
  for (;;) {
    const name = nameAt(bytes, at, names)
    if (seen & (1 << name)) throw UNUSUAL
    seen |= 1 << name
    at = visit(name, behind(bytes, at + (names[name]?.length ?? 0), COLON))
    if (bytes[at] === CLOSING_BRACE) return at + 1
    at = behind(bytes, at, COMMA)
  }
}

function nameAt(bytes: JsonBytes, at: number, names: readonly Buffer[]): number {
  for (let index = 0; index < names.length; index += 1) if (standsAt(bytes, at, names[index] as Buffer)) return index
  throw UNUSUAL
}

/** Visits the elements of an array that has any; `visit` returns the place behind the element that begins at its own. */
export function visitElements(bytes: JsonBytes, start: number, visit: (at: number) => number): number {
  let at = behind(bytes, start, OPENING_BRACKET)
  for (;;) {
    at = visit(at)
    if (bytes[at] === CLOSING_BRACKET) return at + 1
    at = behind(bytes, at, COMMA)
  }
}
