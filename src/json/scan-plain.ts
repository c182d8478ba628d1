/** Where the reading of a JSON text stands. */
export type Scan = { readonly text: string; at: number }

const SPACE = 0x20
const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const LAST_PRINTED = 0x7e
const WHITESPACE = new Set([SPACE, 0x0a, 0x0d, 0x09])

// A double keeps so many digits of whatever number (IEEE 754), and prints what is below a millionth with an exponent.
const MAX_KEPT_DIGITS = 15
const BELOW_MILLIONTH = '000000'

/**
 * Readers of what JSON texts mostly are made of: each takes what stands there and goes behind it. What it does not know, or
 * is no JSON, it leaves, and tells so (`undefined`, false): whoever asked begins again with JSON.parse, which knows all.
 */

/** A string without escapes, of printed ASCII. */
export function scanPlainString(scan: Scan): string | undefined {
  const { text } = scan
  if (text.charCodeAt(scan.at) !== QUOTE) return undefined
  const start = scan.at + 1
  let end = start
  for (let code = text.charCodeAt(end); code !== QUOTE; code = text.charCodeAt(end)) {
    // No code, behind the text's end, is in no range.
    if (!(code >= SPACE && code <= LAST_PRINTED) || code === BACKSLASH) return undefined
    end += 1
  }
  scan.at = end + 1
  return text.slice(start, end)
}

/** A number whose digits a double keeps, as String writes it: 5.10 is 5.1. */
export function scanPlainNumber(scan: Scan): string | undefined {
  const { text, at: start } = scan
  const first = text.charCodeAt(start) === MINUS ? start + 1 : start
  const point = endOfDigits(text, first)
  const hasFraction = text.charCodeAt(point) === POINT
  const end = hasFraction ? endOfDigits(text, point + 1) : point
  if (point === first || end === point + 1) return undefined
  const isBelowOne = text.charCodeAt(first) === ZERO
  if (isBelowOne && (point - first > 1 || text.startsWith(BELOW_MILLIONTH, point + 1))) return undefined
  const number = text.slice(start, hasFraction ? withoutZeros(text, point, end) : end)
  if (number === '-0' || (end - first > MAX_KEPT_DIGITS && String(Number(number)) !== number)) return undefined
  scan.at = end
  return number
}

function endOfDigits(text: string, start: number): number {
  let end = start
  for (let code = text.charCodeAt(end); code >= ZERO && code <= NINE; code = text.charCodeAt(end)) end += 1
  return end
}

/** Where a fraction ends without the zeros at its end, and without its point where nothing else is left. */
function withoutZeros(text: string, point: number, end: number): number {
  let last = end - 1
  while (text.charCodeAt(last) === ZERO) last -= 1
  return last === point ? point : last + 1
}

/** A word of JSON's: true, false or null. */
export function scanWord(scan: Scan, word: 'true' | 'false' | 'null'): boolean {
  if (!scan.text.startsWith(word, scan.at)) return false
  scan.at += word.length
  return true
}

/** An object with plain names; `visit` stands at each one's value, and tells whether it has taken it. */
export function scanObject(scan: Scan, visit: (name: string) => boolean): boolean {
  return scanMembers(scan, OPEN_BRACE, CLOSE_BRACE, () => {
    const name = scanPlainString(scan)
    if (name === undefined || codeAt(scan) !== COLON) return false
    scan.at += 1
    codeAt(scan)
    return visit(name)
  })
}

/** An array; `visit` stands at each value, and tells whether it has taken it. */
export function scanArray(scan: Scan, visit: () => boolean): boolean {
  return scanMembers(scan, OPEN_BRACKET, CLOSE_BRACKET, visit)
}

function scanMembers(scan: Scan, open: number, close: number, visit: () => boolean): boolean {
  if (codeAt(scan) !== open) return false
  scan.at += 1
  if (codeAt(scan) === close) {
    scan.at += 1
    return true
  }
  for (;;) {
    if (!visit()) return false
    const code = codeAt(scan)
    scan.at += 1
    if (code !== COMMA) return code === close
    codeAt(scan)
  }
}

/** Whether nothing follows but white space. */
export function isAtEnd(scan: Scan): boolean {
  codeAt(scan)
  return scan.at === scan.text.length
}

/** The first character that is no white space; the reading goes on there. */
function codeAt(scan: Scan): number {
  let code = scan.text.charCodeAt(scan.at)
  while (code <= SPACE && WHITESPACE.has(code)) {
    scan.at += 1
    code = scan.text.charCodeAt(scan.at)
  }
  return code
}
