import fc from 'fast-check'
import type { Attribute, Item } from '../../src/dynamodb/items/attribute.ts'
import { featureName, numberText } from './arbitrary-features.ts'

/** Texts of any kind, lone surrogates among them: other writers are not checked. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 60 }),
  fc.constantFrom('"', '\\', '\u0000', '\u001f', '\u007f', '\u2028', '\ud800', 'a\udc00b', '🦊', `${'long '.repeat(20)}"`),
)

/** Numbers as DynamoDB writes them, in every other spelling, and in those that JSON does not have. */
const number = fc.oneof(
  numberText,
  fc.constantFrom('0', '-0', '0.0', '-0.50', '007', '+7', '.5', '5.', '1E+30', '1e400', '-1E-130', '9007199254740993', '1.10'),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
)

const binary = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('base64'))

/** Any name, `__proto__` included, which other writers may have stored. */
const storedName = fc.oneof({ arbitrary: featureName, weight: 9 }, fc.constantFrom('__proto__', ''))

const { attribute } = fc.letrec<{ attribute: Attribute; map: Item }>((tie) => ({
  attribute: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    text.map((S) => ({ S })),
    number.map((N) => ({ N })),
    fc.boolean().map((BOOL) => ({ BOOL })),
    fc.constant({ NULL: true }),
    fc.array(text, { maxLength: 3 }).map((SS) => ({ SS })),
    fc.array(number, { maxLength: 3 }).map((NS) => ({ NS })),
    binary.map((B) => ({ B })),
    fc.array(binary, { maxLength: 3 }).map((BS) => ({ BS })),
    fc.array(tie('attribute'), { maxLength: 5 }).map((L) => ({ L })),
    tie('map').map((M) => ({ M })),
  ),
  map: mapOf(tie('attribute')),
}))

function mapOf(value: fc.Arbitrary<Attribute>): fc.Arbitrary<Item> {
  // fromEntries defines its keys, as JSON.parse does, so that `__proto__` is a name among them.
  return fc.array(fc.tuple(storedName, value), { maxLength: 6 }).map((members) => Object.fromEntries(members))
}

/** Features of one category as any writer may have stored them, as DynamoDB's reply has them. */
export const storedFeatures: fc.Arbitrary<Item> = mapOf(attribute)
