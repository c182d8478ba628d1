import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatEventTime, parseEventTime } from '../../src/features/event-time.ts'

const NS_PER_MS = 1_000_000n
const FIRST_NS = BigInt(Date.parse('0000-01-01T00:00:00Z')) * NS_PER_MS
const LAST_NS = (BigInt(Date.parse('9999-12-31T23:59:59.999Z')) + 1n) * NS_PER_MS - 1n
const DAY_MS = 86_400_000n

const instantNs = fc.oneof(
  fc.bigInt({ min: FIRST_NS, max: LAST_NS }),
  // Around the epoch, where signs change.
  fc.bigInt({ min: -3n * NS_PER_MS, max: 3n * NS_PER_MS }),
  fc.constantFrom(FIRST_NS, LAST_NS),
)

const offsetMinutes = fc.integer({ min: -(24 * 60 - 1), max: 24 * 60 - 1 })

/** An instant as RFC 3339 at an offset, with nine digits of a second's fraction or without zeros at their end. */
function write(ns: bigint, offset: number, isShort: boolean): string {
  const shifted = ns + BigInt(offset) * 60_000n * NS_PER_MS
  const fraction = String(((shifted % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n).padStart(9, '0')
  const digits = isShort ? fraction.replace(/0+$/, '') : fraction
  const wholeSeconds = new Date(Number((shifted - BigInt(fraction)) / NS_PER_MS)).toISOString().slice(0, 19)
  return `${wholeSeconds}${digits === '' ? '' : `.${digits}`}${writeOffset(offset)}`
}

function writeOffset(offset: number): string {
  const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60]
  return `${offset < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
}

/** Whether the year at that offset is one of four digits. */
function isWritable(ns: bigint, offset: number): boolean {
  const shifted = ns + BigInt(offset) * 60_000n * NS_PER_MS
  return shifted >= FIRST_NS && shifted <= LAST_NS
}

/** Nanoseconds that a decimal of milliseconds stands for; undefined where it is no plain decimal of them. */
function toNs(epochMs: string | undefined): bigint | undefined {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(epochMs ?? '') ?? []
  if (whole === '') return undefined
  const ns = BigInt(whole) * NS_PER_MS + BigInt(fraction.padEnd(6, '0'))
  return sign === '-' ? -ns : ns
}

test('every instant, at every offset, is kept to the nanosecond', () => {
  fc.assert(
    fc.property(instantNs, offsetMinutes, fc.boolean(), (ns, offset, isShort) => {
      fc.pre(isWritable(ns, offset))

      const epochMs = parseEventTime(write(ns, offset, isShort))

      expect(toNs(epochMs)).toBe(ns)
    }),
  )
})

test('one instant has one text, whatever it was written as: no zeros at its end and no negative zero', () => {
  fc.assert(
    fc.property(instantNs, offsetMinutes, fc.boolean(), (ns, offset, isShort) => {
      fc.pre(isWritable(ns, offset))

      const epochMs = parseEventTime(write(ns, offset, isShort))

      expect(epochMs).toBe(parseEventTime(write(ns, 0, false)))
      expect(epochMs).toMatch(/^(?:0|-?[1-9]\d*|-?(?:0|[1-9]\d*)\.\d*[1-9])$/)
    }),
  )
})

test('what is shown is the same instant in UTC, and parses to what was stored', () => {
  fc.assert(
    fc.property(instantNs, offsetMinutes, (ns, offset) => {
      fc.pre(isWritable(ns, offset))
      const epochMs = parseEventTime(write(ns, offset, true)) ?? ''

      const shown = formatEventTime(epochMs) ?? ''

      expect(shown).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,9}Z$/)
      expect(parseEventTime(shown)).toBe(epochMs)
    }),
  )
})

test('epoch milliseconds are the instant that they count', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (ms) => {
      expect(parseEventTime(String(ms))).toBe(String(ms))
      expect(parseEventTime(new Date(ms).toISOString())).toBe(String(ms))
      expect(formatEventTime(String(ms))).toBe(new Date(ms).toISOString())
    }),
  )
})

test('a day that its month does not have is refused', () => {
  const date = fc.tuple(fc.integer({ min: 0, max: 9999 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 28, max: 99 }))
  fc.assert(
    fc.property(date, ([year, month, day]) => {
      const lastDay = new Date(new Date(0).setUTCFullYear(year, month, 0)).getUTCDate()
      const text = [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day)].join('-')

      const epochMs = parseEventTime(`${text}T12:00:00Z`)

      expect(epochMs !== undefined).toBe(day <= lastDay)
    }),
  )
})

test('an instant beyond the years 0 to 9999 is refused, though its text is in them', () => {
  const outside = fc.oneof(
    fc.bigInt({ min: FIRST_NS - DAY_MS * NS_PER_MS, max: FIRST_NS - 1n }),
    fc.bigInt({ min: LAST_NS + 1n, max: LAST_NS + DAY_MS * NS_PER_MS }),
  )
  fc.assert(
    fc.property(outside, offsetMinutes, (ns, offset) => {
      fc.pre(isWritable(ns, offset))

      expect(parseEventTime(write(ns, offset, true))).toBeUndefined()
    }),
  )
})

test('whatever the text, it is refused or a time that can be shown', () => {
  const mutated = fc
    .tuple(
      fc.constantFrom('2025-10-07T12:00:00.123456789+05:30', '1759823206943'),
      fc.nat(36),
      fc.string({ unit: 'binary', maxLength: 2 }),
    )
    .map(([text, at, inserted]) => text.slice(0, at) + inserted + text.slice(at + 1))
  fc.assert(
    fc.property(fc.oneof(mutated, fc.string({ unit: 'binary' })), (text) => {
      const epochMs = parseEventTime(text)

      if (epochMs !== undefined) expect(parseEventTime(formatEventTime(epochMs) ?? 'not shown')).toBe(epochMs)
    }),
    { numRuns: 500 },
  )
})
