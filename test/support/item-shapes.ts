import type { Features, FeatureValue } from '../../src/features/feature-record.ts'

/** Features of one kind, and the bytes that DynamoDB counts for them in an item. */
export type ItemShape = {
  what: string
  features: Features
  bytes: number
  /** Who notices one byte too many: the estimate, or the store where DynamoDB counts more than its guide says. */
  refusedBy: 'estimate' | 'store'
}

const MANY = 4000
// Of a feature `f` beside its value: its name and its entry in the map.
const MEMBER = 2
const CONTAINER = 3

function list(what: string, item: FeatureValue, itemBytes: number, refusedBy: ItemShape['refusedBy'] = 'estimate'): ItemShape {
  const bytes = MEMBER + CONTAINER + MANY * (1 + itemBytes)
  return { what, features: { f: Array.from({ length: MANY }, () => item) }, bytes, refusedBy }
}

function text(what: string, character: string, bytes: number): ItemShape {
  return { what, features: { f: character.repeat(MANY) }, bytes: MEMBER + MANY * bytes, refusedBy: 'estimate' }
}

/** Names of one prefix and four digits, each with an empty string. */
function names(what: string, prefix: string, prefixBytes: number): ItemShape {
  const entries = Array.from({ length: MANY }, (_, index) => [`${prefix}${1000 + index}`, ''])
  return { what, features: Object.fromEntries(entries), bytes: MANY * (1 + prefixBytes + 4), refusedBy: 'estimate' }
}

/** Strings of characters that the embedded store takes for shorter than they are. */
export const MULTI_BYTE_SHAPES = [
  text('a string of two-byte characters', 'é', 2),
  text('a string of three-byte characters', '€', 3),
  text('a string of astral characters', '🦊', 4),
  names('many names of multi-byte characters', '🦊é', 6),
]

export const SHAPES = [
  text('a string of ASCII', 'x', 1),
  names('many small names', 'n', 1),
  list('zeros', 0, 1),
  list('numbers of one digit', 7, 2),
  list('numbers of two digits', 42, 2),
  list('numbers with zeros at their end', JSON.rawJSON('1e40'), 2),
  list('numbers of 38 digits', JSON.rawJSON('12345678901234567890123456789012345678'), 20),
  list('negative numbers', -7, 3, 'store'),
  list('numbers whose digits straddle the bytes', 0.012, 3, 'store'),
  list('negative numbers of 37 digits', JSON.rawJSON('-1234567890123456789012345678901234567'), 21, 'store'),
  list('booleans', true, 1),
  list('nulls', null, 1),
  list('empty strings', '', 0),
  list('nested lists', [[]], CONTAINER + 1 + CONTAINER),
  list('nested maps', { a: {} }, CONTAINER + 1 + 1 + CONTAINER),
]
