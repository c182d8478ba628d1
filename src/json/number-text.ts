import { exactNumber } from './exact-number.ts'

// JSON's grammar without exponents, minus zero and zeros that add nothing; one pass, no way back.
const PLAIN = /^(?!-0$)-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/
/** DynamoDB's 38 digits with a sign and a point; what is longer is written anew. */
export const MAX_PLAIN_CHARACTERS = 40

/**
 * A decimal number's text as JSON of the same decimal: its own digits where they are short and plain, as DynamoDB writes
 * them, else as exactNumber has it.
 * @throws RangeError when the text is no number.
 */
export function numberJson(text: string): string {
  if (text.length <= MAX_PLAIN_CHARACTERS && PLAIN.test(text)) return text
  return JSON.stringify(exactNumber(text))
}
