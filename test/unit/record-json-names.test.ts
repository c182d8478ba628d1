import { expect, test } from 'vitest'
import type { Attribute } from '../../src/dynamodb/items/attribute.ts'
import type { Features } from '../../src/features/feature-record.ts'
import { plainAttribute } from '../support/plain-encoding.ts'
import { itemOf, servedOf } from '../support/stored-record.ts'

/** What is served of stored features to who names some, and what he misses. */
function pickFeatures(data: Features, names: readonly string[]) {
  const attributes = Object.entries(data).map(([name, value]) => [name, plainAttribute(value) as Attribute])
  const { json, missing } = servedOf(itemOf(Object.fromEntries(attributes)), names)
  return { picked: JSON.parse(json).data, missing }
}

const stored = { a: 1, b: 'two', nothing: null, no: false, zero: 0, blank: '' }

test('no names mean all features', () => {
  expect(pickFeatures(stored, [])).toEqual({ picked: stored, missing: [] })
})

test('only the named features are picked, in the order asked, and those not stored are missing', () => {
  const { picked, missing } = pickFeatures(stored, ['b', 'gone', 'a', 'away'])

  expect(JSON.stringify(picked)).toBe('{"b":"two","a":1}')
  expect(missing).toEqual(['gone', 'away'])
})

test.for(['nothing', 'no', 'zero', 'blank'] as const)('a feature with an empty value is there and not missing: %s', (name) => {
  expect(pickFeatures(stored, [name])).toEqual({ picked: { [name]: stored[name] }, missing: [] })
})

test('a name asked for twice counts once', () => {
  expect(pickFeatures(stored, ['a', 'gone', 'a', 'gone'])).toEqual({ picked: { a: 1 }, missing: ['gone'] })
})

test.for(['constructor', 'toString', 'hasOwnProperty', '__proto__', 'valueOf', ''])(
  'a name that only the prototype has is missing: %j',
  (name) => {
    expect(pickFeatures(stored, [name])).toEqual({ picked: {}, missing: [name] })
  },
)

test.for(['constructor', 'toString', 'hasOwnProperty', '__proto__', 'toJSON', 'then'])(
  'a stored feature with a name of Object or of a promise is picked: %s',
  (name) => {
    const { picked, missing } = pickFeatures(Object.fromEntries([[name, 1]]), [name])

    expect(JSON.stringify(picked)).toBe(`{"${name}":1}`)
    expect(missing).toEqual([])
  },
)

test('what is stored is left as it was', () => {
  const data = { a: { deep: [1] }, b: 2 }

  pickFeatures(data, ['a', 'gone'])

  expect(data).toEqual({ a: { deep: [1] }, b: 2 })
})
