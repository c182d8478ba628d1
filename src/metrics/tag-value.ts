const MAX_LENGTH = 100

// What either format gives a meaning to, every kind of space, and what cannot be seen: controls, lone surrogates, joiners.
const UNSAFE = /[|,#:=@\\\p{Z}\p{C}]/gu

/** A text as a tag's value: 1 to 100 characters, in which nothing can end the tag or begin another metric's line. */
export function toTagValue(text: string): string {
  return text.slice(0, MAX_LENGTH).replace(UNSAFE, '_') || '_'
}
