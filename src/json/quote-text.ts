const SPACE = 0x20
const QUOTE = 0x22
const BACKSLASH = 0x5c
const LAST_ASCII = 0x7f

// Where a loop over the characters and JSON.stringify take the same time.
const SHORT = 24

/** Whether a text is short ASCII that JSON writes as it stands: no quote, no backslash, no control character. */
export function isPlainText(text: string): boolean {
  if (text.length > SHORT) return false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < SPACE || code === QUOTE || code === BACKSLASH || code > LAST_ASCII) return false
  }
  return true
}

/** A text as JSON.stringify writes it. */
export function quoteText(text: string): string {
  return isPlainText(text) ? `"${text}"` : JSON.stringify(text)
}
