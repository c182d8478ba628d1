/**
 * JSON numbers with all their digits.
 *
 * A number that a double holds exactly is a plain `number`; any other is the object that `JSON.rawJSON` makes of its
 * text (TC39 "JSON.parse source text access"), which `JSON.stringify` writes back to the letter.
 */

/** A number too precise for a double: its JSON text, kept as it is. */
export type RawNumber = { readonly rawJSON: string }

// TypeScript's library does not describe the two functions yet.
declare global {
  interface JSON {
    rawJSON(text: string): RawNumber
    isRawJSON(value: unknown): value is RawNumber
  }
}

/** A decimal number: `digits` x 10^`exponent`, `digits` without zeros at either end ('' for zero). */
export type Decimal = { negative: boolean; digits: string; exponent: number }

const PLAIN_DIGITS = 38
const PLAIN_ZEROS = 7
// Far out of every range, and still exact in sums with the length of any text.
const MAX_EXPONENT = 1e9
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/

/**
 * Takes a decimal number's text apart, JSON's grammar and a little more (`+1`, `.5`, as other writers may have stored).
 * An exponent beyond a milliard stays at it: the number is out of every range either way.
 * @throws RangeError when the text is no number.
 */
export function parseDecimal(text: string): Decimal {
  const parts = NUMBER.exec(text)
  const whole = parts?.[2] ?? ''
  const fraction = parts?.[3] ?? ''
  const written = whole + fraction
  if (!parts || written === '') throw new RangeError(`not a decimal number: ${text.slice(0, 50)}`)
  const withoutLeft = stripLeft(written)
  const digits = stripRight(withoutLeft)
  const exponent = clamp(Number(parts[4] ?? 0)) - fraction.length + (withoutLeft.length - digits.length)
  return { negative: parts[1] === '-' && digits !== '', digits, exponent: digits === '' ? 0 : exponent }
}

function clamp(exponent: number): number {
  return Math.max(-MAX_EXPONENT, Math.min(MAX_EXPONENT, exponent))
}

// Not /0+$/, whose cost is quadratic in the zeros of a hostile number.
function stripLeft(digits: string): string {
  let start = 0
  while (digits[start] === '0') start += 1
  return digits.slice(start)
}

function stripRight(digits: string): string {
  let end = digits.length
  while (end > 0 && digits[end - 1] === '0') end -= 1
  return digits.slice(0, end)
}

/** The power of ten of the first digit: 0 for 1 to 9.99, 2 for 150.5, -3 for 0.00123. Zero gives 0. */
export function magnitude({ digits, exponent }: Decimal): number {
  return digits === '' ? 0 : digits.length + exponent - 1
}

/** A decimal's JSON text: plain where it is short enough to read, else with an exponent. */
export function writeDecimal(decimal: Decimal): string {
  const { negative, digits, exponent } = decimal
  if (digits === '') return '0'
  const sign = negative ? '-' : ''
  const power = magnitude(decimal)
  if (power >= PLAIN_DIGITS || power < -PLAIN_ZEROS) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
    return `${sign}${digits[0]}${fraction}e${power < 0 ? '-' : '+'}${Math.abs(power)}`
  }
  if (exponent >= 0) return sign + digits + '0'.repeat(exponent)
  if (power >= 0) return `${sign}${digits.slice(0, power + 1)}.${digits.slice(power + 1)}`
  return `${sign}0.${'0'.repeat(-power - 1)}${digits}`
}

/**
 * A number's text as a JSON value that keeps its every digit: a `number` where its shortest form denotes the same
 * decimal, else a raw number.
 * @throws RangeError when the text is no number.
 */
export function exactNumber(text: string): number | RawNumber {
  const double = Number(text)
  const shortest = String(double)
  if (shortest === text && Number.isFinite(double)) return double
  const exact = parseDecimal(text)
  if (Number.isFinite(double) && sameDecimal(parseDecimal(shortest), exact)) return double + 0 // -0 becomes 0
  return JSON.rawJSON(writeDecimal(exact))
}

/**
 * Whether one number is greater than another, by all their digits.
 * @throws RangeError when one of the texts is no number.
 */
export function isGreater(text: string, than: string): boolean {
  const [a, b] = [parseDecimal(text), parseDecimal(than)]
  const unit = Math.min(a.exponent, b.exponent)
  return inUnits(a, unit) > inUnits(b, unit)
}

function inUnits({ negative, digits, exponent }: Decimal, unit: number): bigint {
  return BigInt((negative ? '-' : '') + digits) * 10n ** BigInt(exponent - unit)
}

function sameDecimal(a: Decimal, b: Decimal): boolean {
  return a.digits === b.digits && a.exponent === b.exponent && a.negative === b.negative
}
