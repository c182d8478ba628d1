import fc from 'fast-check'

/** One byte percent-encoded, in any spelling that means the same. */
function spellings(byte: number): fc.Arbitrary<string> {
  const hex = byte.toString(16).padStart(2, '0')
  return fc.constantFrom(`%${hex}`, `%${hex.toUpperCase()}`)
}

const anyByte = fc.nat(255).chain(spellings)

const wholeCharacter = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 2 })
  .map((text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''))

/** What a segment of a path may hold as it is: no slash, and nothing that ends the path. */
const plain = fc.constantFrom(...'abzAZ09-._~!$&\'()*+,;=:@|^`{}[]<>\\"')

/** Escapes that decoders have taken for what they are not. */
export const ODD_ESCAPES = [
  ...['%', '%%', '%2', '%g0', '%0g', '%-1', '%+1', '%u0041', '%u', '%x41', '%{41}', '%%41', '%25', '%2541', '%252F'],
  ...[
    '%00',
    '%0A',
    '%0D%0A',
    '%09',
    '%20',
    '%7F',
    '%2F',
    '%2f',
    '%5C',
    '%2E',
    '%2e%2e',
    '%3F',
    '%23',
    '%3B',
    '%2B',
    '%26',
    '%3D',
  ],
  ...[
    '%C0%80',
    '%C0%AF',
    '%C1%81',
    '%E0%80%AF',
    '%F0%80%80%AF',
    '%F8%80%80%80%AF',
    '%FC%80%80%80%80%AF',
    '%FE',
    '%FF',
    '%80',
    '%BF',
  ],
  ...['%C3', '%E2%82', '%F0%9F%A6', '%C3%28', '%E2%28%A1', '%F4%90%80%80', '%ED%A0%80', '%ED%BF%BF', '%ED%A0%BD%ED%B8%80'],
  ...['%EF%BF%BE', '%EF%BF%BF', '%EF%BB%BF', '%C3%A9', '%F0%9F%A6%8A', '%E2%80%AE', '%E2%80%A8', '%C2%85'],
  ...[
    '__proto__',
    '%5F%5Fproto%5F%5F',
    'constructor',
    '..',
    '.',
    '...',
    ';a=b',
    '+',
    '*',
    ':',
    ':identifier',
    '(.*)',
    '\\',
    '{}',
  ],
]

/** A segment of a path, in every spelling that there is, and in many that are none. */
export const pathSegment = fc
  .array(fc.oneof({ arbitrary: plain, weight: 4 }, wholeCharacter, fc.constantFrom(...ODD_ESCAPES), anyByte), {
    minLength: 1,
    maxLength: 12,
  })
  .map((parts) => parts.join(''))

/** What a segment stands for; undefined: for nothing, as it is no percent-encoded UTF-8. */
export function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
