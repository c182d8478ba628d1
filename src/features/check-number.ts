import { magnitude, parseDecimal } from '../json/exact-number.ts'
import { MAX_NUMBER_DIGITS, MAX_NUMBER_MAGNITUDE, MIN_NUMBER_MAGNITUDE } from './limits.ts'

// Most numbers: at most 38 digits in all and no exponent.
const PLAINLY_KEPT = /^-?\d{1,20}(?:\.\d{1,18})?$/

const TOO_LARGE = 'number is larger than 9.99…E+125'

/**
 * What keeps DynamoDB from storing a number exactly, or undefined. `text`: JSON's or JavaScript's form.
 * Source: DynamoDB Developer Guide, "Supported data types", Number: 38 digits, 1E-130 to 9.99…E+125, of either sign.
 */
export function checkNumber(text: string): string | undefined {
  if (PLAINLY_KEPT.test(text)) return undefined
  if (text.endsWith('Infinity')) return TOO_LARGE
  const decimal = parseDecimal(text)
  if (decimal.digits.length > MAX_NUMBER_DIGITS) return `number has more than ${MAX_NUMBER_DIGITS} significant digits`
  if (magnitude(decimal) > MAX_NUMBER_MAGNITUDE) return TOO_LARGE
  if (magnitude(decimal) < MIN_NUMBER_MAGNITUDE) return 'number is smaller than 1E-130'
  return undefined
}
