import fc from 'fast-check'
import type { Features, FeatureValue } from '../../src/features/feature-record.ts'
import { featureName, features } from './arbitrary-features.ts'

const LONE_SURROGATES = ['\ud800', 'a\udc00b', '\udfff\ud800', `${'x'.repeat(40)}\ud83e`]

const faultyName = fc.constantFrom('', '__proto__', 'name\ud800', '\udc00', 'x'.repeat(65_536), '🦊'.repeat(16_384))

/** Numbers around DynamoDB's limits, some within them. */
export const edgeNumber: fc.Arbitrary<FeatureValue> = fc.oneof(
  fc.constantFrom(1e126, 9.999999999999999e125, -1e126, 1e-130, 9.999999999999999e-131, -1e-131, 5e-324, 1.7976931348623157e308),
  fc.double({ noNaN: true }),
  fc
    .constantFrom(
      '1e400',
      '-1e-400',
      '1e126',
      '1e-131',
      '9'.repeat(38),
      '9'.repeat(39),
      `0.${'1'.repeat(39)}`,
      `1${'0'.repeat(126)}`,
    )
    .map((text) => JSON.rawJSON(text)),
)

const faultyScalar: fc.Arbitrary<FeatureValue> = fc.oneof(fc.constantFrom<FeatureValue>(...LONE_SURROGATES), edgeNumber)

/** Arrays and objects in one another, around the deepest that are allowed. */
const around29 = fc
  .array(fc.boolean(), { minLength: 27, maxLength: 33, size: 'max' })
  .map((kinds) => kinds.reduce<FeatureValue>((inner, isList) => (isList ? [inner] : { inner }), 'core'))

const { tree } = fc.letrec<{ tree: FeatureValue }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    faultyScalar,
    around29,
    fc.array(tie('tree'), { maxLength: 8 }),
    membersOf(tie('tree')),
  ),
}))

function membersOf(value: fc.Arbitrary<FeatureValue>): fc.Arbitrary<Features> {
  const name = fc.oneof({ arbitrary: featureName, weight: 4 }, faultyName)
  // fromEntries defines its keys, as JSON.parse does, so that `__proto__` is a name among them.
  return fc.array(fc.tuple(name, value), { maxLength: 8 }).map((members) => Object.fromEntries(members))
}

/** Features of which none, some or many cannot be kept. */
export const faultyFeatures: fc.Arbitrary<Features> = fc
  .tuple(membersOf(tree), features)
  .map(([faulty, legal]) => Object.fromEntries([...Object.entries(legal), ...Object.entries(faulty)]))
