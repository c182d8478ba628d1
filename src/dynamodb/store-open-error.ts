/** The store cannot be opened; the message tells a person why and what to do. */
export class StoreOpenError extends Error {
  override readonly name = 'StoreOpenError'
}
