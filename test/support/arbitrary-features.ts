import fc from 'fast-check'
import type { Features, FeatureValue } from '../../src/features/feature-record.ts'

const MAX_NESTING = 29

/** Names that some layer could take for its own: Object's members, promises, DynamoDB's types, the SDK's marks, paths. */
const TRICKY_NAMES = [
  ...['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'toJSON', 'then', 'length', 'prototype', 'rawJSON', '__type'],
  ...['S', 'N', 'BOOL', 'NULL', 'M', 'L', '$unknown', '$metadata', 'data', 'metadata', 'features', 'created_at', 'category'],
  ...[
    'a.b',
    '#name',
    ':value',
    'a b',
    ' ',
    '.',
    '..',
    '0',
    '10',
    '-1',
    '[0]',
    '$',
    '"',
    "'",
    '\\',
    '/',
    '🦊',
    'é',
    'e\u0301',
    '\u0000',
  ],
]

const TRICKY_KEYS = [
  'a/b',
  '/',
  '//',
  '100%',
  '%',
  '%2F',
  '%00',
  'a?b=c',
  '?',
  '#',
  'a#b',
  '../..',
  '...',
  '+',
  'a b',
  '\\',
  ';,&=',
]

const anyText = fc.string({ unit: 'binary', maxLength: 20 })
const anyName = anyText.filter((name) => name !== '')

/** Any legal name of a feature. */
export const featureName = fc.oneof(fc.constantFrom(...TRICKY_NAMES), anyName).filter((name) => name !== '__proto__')

// A URL's segment "." or ".." is resolved away by URL parsers, percent-encoded or not (WHATWG URL Standard), before it is sent.
const keyText = fc.oneof(fc.constantFrom(...TRICKY_KEYS, ...TRICKY_NAMES), anyName).filter((key) => key !== '.' && key !== '..')

/** Any identifier that can be sent in a URL. */
export const identifier = fc.oneof(keyText, fc.constant('__proto__'))

/** Any category that can be written and sent in a URL. */
export const category = keyText.filter((key) => key !== '__proto__')

/** Between one digit and 38, the first and the last not zero. */
const significantDigits = fc
  .tuple(
    fc.integer({ min: 1, max: 9 }),
    fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 36 }),
    fc.integer({ min: 0, max: 9 }),
  )
  .map(([first, middle, last]) => (middle === '' && last === 0 ? `${first}` : `${first}${middle}${last || 1}`))

/**
 * The JSON text of a number that DynamoDB can store, in any of its spellings: point anywhere, zeros at the end, with or
 * without an exponent.
 */
export const numberText = fc
  .record({
    sign: fc.constantFrom('', '-'),
    digits: significantDigits,
    pointAt: fc.nat(38),
    zeros: fc.nat(20),
    magnitude: fc.oneof(fc.integer({ min: -130, max: 125 }), fc.constantFrom(-130, 125)),
    plain: fc.boolean(),
    exponentMark: fc.constantFrom('e', 'E'),
    plus: fc.constantFrom('', '+'),
  })
  .map(({ sign, digits, pointAt, zeros, magnitude, plain, exponentMark, plus }) => {
    const whole = digits.slice(0, pointAt)
    const fraction = digits.slice(pointAt) + '0'.repeat(zeros)
    const mantissa = `${sign}${whole || '0'}${fraction && `.${fraction}`}`
    const exponent = magnitude - whole.length + 1
    return plain ? mantissa : `${mantissa}${exponentMark}${exponent < 0 ? '' : plus}${exponent}`
  })

const zeroText = fc.constantFrom('0', '-0', '0.0', '-0.000', '0e5', '0E-400', '0e+999')

const scalar: fc.Arbitrary<FeatureValue> = fc.oneof(
  anyText,
  fc.boolean(),
  fc.constant(null),
  fc.oneof({ arbitrary: numberText, weight: 9 }, zeroText).map((text) => JSON.rawJSON(text)),
)

const { tree } = fc.letrec<{ tree: FeatureValue }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    scalar,
    fc.array(tie('tree'), { maxLength: 5 }),
    fc.dictionary(featureName, tie('tree'), { maxKeys: 5 }),
  ),
}))

/** One path of arrays and objects, up to as deep as they may nest, with a value beside it on every level. */
const deep = fc
  .tuple(scalar, fc.array(fc.option(featureName), { minLength: 1, maxLength: MAX_NESTING, size: 'max' }), scalar)
  .map(([core, names, beside]) => names.reduce<FeatureValue>((inner, name) => wrap(name, inner, beside), core))

function wrap(name: string | null, inner: FeatureValue, beside: FeatureValue): FeatureValue {
  return name === null ? [beside, inner] : { beside, [name]: inner }
}

/** Any legal features of one category; a number is raw text, so that its spelling reaches the service as it is. */
export const features: fc.Arbitrary<Features> = fc.dictionary(featureName, fc.oneof({ arbitrary: tree, weight: 3 }, deep), {
  maxKeys: 6,
})
