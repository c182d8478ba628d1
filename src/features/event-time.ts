// RFC 3339, section 5.6: date-time. A space before the offset is a `+` that a client left unencoded in a URL.
const DATE_TIME =
  /^(?<date>\d{4}-\d\d-\d\d)T(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:\.(?<fraction>\d{1,9}))?(?:Z|(?<sign>[+\- ])(?<zoneHour>\d\d):(?<zoneMinute>\d\d))$/i

// To the year 9999, which RFC 3339 ends with.
const EPOCH_MS = /^\d{1,15}$/
const MAX_EPOCH_MS = Date.UTC(10_000, 0) - 1
const MIN_EPOCH_MS = Date.parse('0000-01-01T00:00:00Z')

const MS_DIGITS = 3

/**
 * A writer's event time as milliseconds since the epoch, in decimal: `1759823206943`, and `1759823206943.1234` where it was
 * given more exactly. Undefined where the text is neither RFC 3339 with a zone and at most nine digits of a second's
 * fraction, nor whole milliseconds since the epoch, nor in the years 0 to 9999 of UTC.
 */
export function parseEventTime(text: string): string | undefined {
  if (EPOCH_MS.test(text)) return Number(text) <= MAX_EPOCH_MS ? String(Number(text)) : undefined
  const parts = DATE_TIME.exec(text)?.groups
  if (!parts) return undefined
  const { date, hour, minute, second, fraction = '', sign, zoneHour = '0', zoneMinute = '0' } = parts
  if (Number(zoneHour) > 23 || Number(zoneMinute) > 59) return undefined
  const wholeMs = Date.parse(`${date}T${hour}:${minute}:${second}.${fraction.slice(0, MS_DIGITS).padEnd(MS_DIGITS, '0')}Z`)
  // Date.parse takes February 30 for March 2, and 24:00 for the next day.
  if (Number.isNaN(wholeMs) || !new Date(wholeMs).toISOString().startsWith(`${date}T${hour}`)) return undefined
  const offsetMinutes = (Number(zoneHour) * 60 + Number(zoneMinute)) * (sign === '-' ? -1 : 1)
  const epochMs = wholeMs - offsetMinutes * 60_000
  if (epochMs < MIN_EPOCH_MS || epochMs > MAX_EPOCH_MS) return undefined
  return withFraction(epochMs, fraction.slice(MS_DIGITS))
}

/** An event time as parseEventTime gives it, or as another writer stored it, as RFC 3339 in UTC; undefined where it is none. */
export function formatEventTime(epochMs: string): string | undefined {
  const [whole = '', decimals = ''] = epochMs.split('.')
  const fraction = decimals.replace(/0+$/, '')
  const isBetween = fraction !== '' && epochMs.startsWith('-')
  const wholeMs = isBetween ? Number(whole) - 1 : Number(whole)
  if (whole === '' || !(wholeMs >= MIN_EPOCH_MS && wholeMs <= MAX_EPOCH_MS)) return undefined
  return new Date(wholeMs).toISOString().replace('Z', `${isBetween ? complementOf(fraction) : fraction}Z`)
}

/** Digits behind a millisecond, which a number could not hold; before the epoch they count from the earlier millisecond on. */
function withFraction(wholeMs: number, digits: string): string {
  const fraction = digits.replace(/0+$/, '')
  if (fraction === '') return String(wholeMs)
  if (wholeMs >= 0) return `${wholeMs}.${fraction}`
  return `${wholeMs === -1 ? '-0' : wholeMs + 1}.${complementOf(fraction)}`
}

/** The digits of 1 minus `0.fraction`. */
function complementOf(fraction: string): string {
  return String(10n ** BigInt(fraction.length) - BigInt(fraction)).padStart(fraction.length, '0')
}
