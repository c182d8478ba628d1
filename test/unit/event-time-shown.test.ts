import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatEventTime } from '../../src/features/event-time.ts'

const NOON = Date.parse('2025-10-07T12:00:00Z')

describe('a time is shown as RFC 3339 in UTC', () => {
  test.for<[string, string]>([
    ['0', '1970-01-01T00:00:00.000Z'],
    ['-1', '1969-12-31T23:59:59.999Z'],
    ['-0.5', '1969-12-31T23:59:59.9995Z'],
    ['-1.5', '1969-12-31T23:59:59.9985Z'],
    ['-999.999999', '1969-12-31T23:59:59.000000001Z'],
    ['0.000001', '1970-01-01T00:00:00.000000001Z'],
    [`${NOON}`, '2025-10-07T12:00:00.000Z'],
    [`${NOON + 123}.456789`, '2025-10-07T12:00:00.123456789Z'],
    [`${NOON}.500`, '2025-10-07T12:00:00.0005Z'],
    ['-62167219200000', '0000-01-01T00:00:00.000Z'],
    ['253402300799999', '9999-12-31T23:59:59.999Z'],
  ])('%s is %s', ([epochMs, text]) => {
    expect(formatEventTime(epochMs)).toBe(text)
  })

  test.for(['', 'abc', 'NaN', 'Infinity', '1e30', '-1e30', `1${'0'.repeat(30)}`, '253402300800000', '-62167219200001'])(
    '%j, which is none, is not shown',
    (epochMs) => {
      expect(formatEventTime(epochMs)).toBeUndefined()
    },
  )
})

/** Numbers as DynamoDB gives them back: plain decimals, of which another writer may have stored any. */
const storedNumber = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 14n }), fc.bigInt({ min: 0n, max: 10n ** 20n })),
    fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 38, size: 'max' }),
  )
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`)

test('whatever number another writer stored, it is shown as RFC 3339 or not at all', () => {
  fc.assert(
    fc.property(storedNumber, (stored) => {
      expect(formatEventTime(stored) ?? '1970-01-01T00:00:00.000Z').toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,}Z$/)
    }),
    { numRuns: 1000 },
  )
})
