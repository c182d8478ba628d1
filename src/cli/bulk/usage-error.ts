/** What was asked for cannot be done as it was asked, and nothing was done; the message says what to change. Empty: help was asked for. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
