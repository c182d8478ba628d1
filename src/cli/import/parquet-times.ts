import { RowError } from './import-row.ts'

/** How fine a Parquet file's times are. */
export type TimeUnit = 'MILLIS' | 'MICROS' | 'NANOS'

const DIGITS: Readonly<Record<TimeUnit, number>> = { MILLIS: 3, MICROS: 6, NANOS: 9 }
const DAY_SECONDS = 86_400

/** A time since the epoch as RFC 3339 with all its digits; without a zone where the file has none. */
export function formatTimestamp(units: bigint, unit: TimeUnit, isUtc: boolean): string {
  const { seconds, fraction } = split(units, unit)
  return `${isoOf(seconds)}.${fraction}${isUtc ? 'Z' : ''}`
}

/** A time of day as RFC 3339's partial-time. */
export function formatTime(units: bigint, unit: TimeUnit): string {
  const { seconds, fraction } = split(units, unit)
  if (!(seconds >= 0 && seconds < DAY_SECONDS)) throw new RowError('has a time of day beyond the day')
  return `${isoOf(seconds).slice('YYYY-MM-DDT'.length)}.${fraction}`
}

/** Days since the epoch as a date. */
export function formatDate(days: number): string {
  return isoOf(days * DAY_SECONDS).slice(0, 'YYYY-MM-DD'.length)
}

function split(units: bigint, unit: TimeUnit): { seconds: number; fraction: string } {
  const digits = DIGITS[unit]
  const perSecond = 10n ** BigInt(digits)
  // Rounded down, also before the epoch.
  const rest = ((units % perSecond) + perSecond) % perSecond
  return { seconds: Number((units - rest) / perSecond), fraction: String(rest).padStart(digits, '0') }
}

function isoOf(seconds: number): string {
  const time = new Date(seconds * 1000)
  const year = time.getUTCFullYear()
  if (!(year >= 0 && year <= 9999)) throw new RowError('has a time beyond the years 0 to 9999')
  return time.toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length)
}
