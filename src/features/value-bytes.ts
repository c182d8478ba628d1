/**
 * What parts of a value count for in an item's size.
 * Source: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats".
 */

/** An array or object, beside what it holds. */
export const CONTAINER_BYTES = 3
/** Each thing that one holds, beside its own name and value. */
export const MEMBER_BYTES = 1
/** Null, true or false. */
export const FLAG_BYTES = 1

const ZERO = 0x30
const NINE = 0x39

/** The bytes of a number, given as its valid decimal text: one for two significant digits, and one more. */
export function numberBytes(text: string): number {
  return 1 + Math.ceil(countSignificantDigits(text) / 2)
}

/** Digits but for the zeros at either end, to where an exponent starts. Signs and points stand below the digits. */
function countSignificantDigits(text: string): number {
  let digits = 0
  let upToLastNonZero = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code > NINE) break
    if (code > ZERO || (code === ZERO && digits > 0)) digits += 1
    if (code > ZERO) upToLastNonZero = digits
  }
  return upToLastNonZero
}
