import { quoteText } from './quote-text.ts'

const MAX_NAMES = 5000
const MAX_CHARACTERS = 100

/** Names as JSON texts with the colon behind them: the same names come in request after request. */
const quoted = new Map<string, string>()

/** An object member's name as JSON writes it, colon included: `"age":`. */
export function quoteName(name: string): string {
  return quoted.get(name) ?? addName(name)
}

/** Clients choose the names: the cache is bounded in their number and in their length, and starts anew when it is full. */
function addName(name: string): string {
  const text = `${quoteText(name)}:`
  if (name.length > MAX_CHARACTERS) return text
  if (quoted.size >= MAX_NAMES) quoted.clear()
  quoted.set(name, text)
  return text
}
