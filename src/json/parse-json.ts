import './sound-parse.ts'
import { exactNumber } from './exact-number.ts'

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

// Only a number with an exponent or with more than 15 digits can differ from its double. Matched from its first digit on.
const SUSPECT_NUMBER = /\d[\d.]*[eE][+-]?\d+|\d[\d.]{15,}/g

// Far above what a feature may nest and far below what overflows the stack of a reviver.
const REVIVABLE_DEPTH = 100

/**
 * Parses a JSON text (RFC 8259, UTF-8) with every digit of its numbers kept: see exact-number.ts.
 * A text nested deeper than 100 levels comes back with plain doubles: it breaks the limit on nesting anyway.
 * @throws TypeError when the bytes are not UTF-8 (a lenient decoder would change what the client sent).
 * @throws SyntaxError when the text is not JSON.
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = strictUtf8.decode(bytes)
  const value: unknown = JSON.parse(text)
  if (!holdsInexactNumber(text) || isDeeperThan(value, REVIVABLE_DEPTH)) return value
  return JSON.parse(text, keepDigits)
}

/** True when some number of the text would lose a digit in a double; a look-alike inside a string only costs time. */
function holdsInexactNumber(text: string): boolean {
  for (const [suspect] of text.matchAll(SUSPECT_NUMBER)) {
    if (String(Number(suspect)) !== suspect) return true
  }
  return false
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number') return value
  if (context?.source === undefined) throw new Error('JSON.parse gave a number without its text')
  return exactNumber(context.source)
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== 'object') return false
  if (levels === 0) return true
  return Object.values(value).some((member) => isDeeperThan(member, levels - 1))
}
