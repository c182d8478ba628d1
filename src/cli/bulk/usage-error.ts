/** What was asked for cannot be done as it was asked; the message says what to change. Nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
