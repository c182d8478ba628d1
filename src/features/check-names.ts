import { MAX_CATEGORY_BYTES, MAX_IDENTIFIER_BYTES, MAX_METADATA_CHARACTERS, MAX_NAME_BYTES } from './limits.ts'

/** What is wrong with an entity's identifier as a partition key, or undefined. */
export function checkIdentifier(identifier: string): string | undefined {
  return checkKey(identifier, MAX_IDENTIFIER_BYTES)
}

/** What is wrong with a category's name as a sort key, or undefined. */
export function checkCategory(category: string): string | undefined {
  return checkKey(category, MAX_CATEGORY_BYTES)
}

/** What is wrong with a category's name where it is written, or undefined: a reply would have no place for `__proto__`. */
export function checkWritableCategory(category: string): string | undefined {
  return category === '__proto__' ? '"__proto__" is not allowed' : checkCategory(category)
}

/** What is wrong with a feature's name, at any depth, or undefined. */
export function checkFeatureName(name: string): string | undefined {
  if (name === '__proto__') return '"__proto__" is not allowed as a name'
  return checkKey(name, MAX_NAME_BYTES)
}

/** Whether a text may be a writer's `source` or `compute_id`. */
export function isWritersName(text: string): boolean {
  return text !== '' && text.isWellFormed() && countCharacters(text) <= MAX_METADATA_CHARACTERS
}

function countCharacters(text: string): number {
  return text.length <= MAX_METADATA_CHARACTERS ? text.length : [...text].length
}

function checkKey(key: string, maxBytes: number): string | undefined {
  if (key === '') return 'must not be empty'
  if (!key.isWellFormed()) return 'holds a lone surrogate, which UTF-8 cannot represent'
  if (exceedsBytes(key, maxBytes)) return `must be at most ${maxBytes} bytes of UTF-8, is ${Buffer.byteLength(key)}`
  return undefined
}

// A UTF-16 unit takes 1 to 3 bytes of UTF-8: most names need no counting.
function exceedsBytes(text: string, maxBytes: number): boolean {
  return text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes
}
