import { randomUUID } from 'node:crypto'
import { exactNumber } from './exact-number.ts'
import { eachMember, setMember } from './members.ts'
import { endOfString } from './scan-strings.ts'
import './sound-parse.ts'

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })
const exactUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

// Only a number with an exponent or with more than 15 digits can differ from its double. Matched from its first digit on.
const SUSPECT_NUMBER = /-?\d[\d.]*[eE][+-]?\d+|-?\d[\d.]{15,}/g

/**
 * Bytes of UTF-8 as text, without a byte order mark before it.
 * @throws TypeError when they are not UTF-8 (a lenient decoder would change what the client sent).
 */
export function decodeUtf8(bytes: Uint8Array): string {
  return strictUtf8.decode(bytes)
}

/** The same for a part of a text, where a byte order mark is a character like any other. */
export function decodeUtf8Part(bytes: Uint8Array): string {
  return exactUtf8.decode(bytes)
}

/** JSON in UTF-8 as parseJsonText reads it; throws as both. */
export function parseJson(bytes: Uint8Array): unknown {
  return parseJsonText(decodeUtf8(bytes))
}

/**
 * Parses a JSON text (RFC 8259) with every digit of its numbers kept: see exact-number.ts.
 * Takes time in proportion to the text, and no stack: a reviver, which V8 offers for this, takes ten times the time.
 * @throws SyntaxError when the text is not JSON.
 */
export function parseJsonText(text: string): unknown {
  const rounded: unknown = JSON.parse(text)
  if (!holdsInexactNumber(text)) return rounded
  const mark = randomUUID()
  const [root] = restoreNumbers([JSON.parse(markInexactNumbers(text, mark))], mark)
  return root
}

/** True when some number of the text would lose a digit in a double; a look-alike inside a string only costs time. */
function holdsInexactNumber(text: string): boolean {
  // matchAll copies the pattern, and most texts have no such number.
  if (text.search(SUSPECT_NUMBER) === -1) return false
  for (const [suspect] of text.matchAll(SUSPECT_NUMBER)) {
    if (isInexact(suspect)) return true
  }
  return false
}

function isInexact(suspect: string): boolean {
  return String(Number(suspect)) !== suspect
}

/** The text, known to be JSON, with each inexact number as a string: the mark, then its digits. */
function markInexactNumbers(text: string, mark: string): string {
  const parts: string[] = []
  for (let at = 0; at < text.length; ) {
    const quote = text.indexOf('"', at)
    const between = text.slice(at, quote === -1 ? text.length : quote)
    parts.push(between.replace(SUSPECT_NUMBER, (number) => (isInexact(number) ? `"${mark}${number}"` : number)))
    if (quote === -1) break
    const end = endOfString(text, quote)
    parts.push(text.slice(quote, end))
    at = end
  }
  return parts.join('')
}

/** Puts the numbers back into their places, without recursion. */
function restoreNumbers(root: unknown[], mark: string): unknown[] {
  const pending: object[] = [root]
  for (let container = pending.pop(); container !== undefined; container = pending.pop()) {
    eachMember(container, (key, member) => {
      if (typeof member === 'string' && member.startsWith(mark)) setMember(container, key, exactNumber(member.slice(mark.length)))
      else if (typeof member === 'object' && member !== null) pending.push(member)
    })
  }
  return root
}
