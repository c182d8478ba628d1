/** A file cannot be read as what it is said to be; the message says which, and why. */
export class FileError extends Error {
  override readonly name = 'FileError'
}
