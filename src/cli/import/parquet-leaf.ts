import type { SchemaElement } from 'hyparquet'
import { exactNumber } from '../../json/exact-number.ts'
import { decodeUtf8Part, parseJsonText } from '../../json/parse-json.ts'
import { FileError } from '../bulk/file-error.ts'
import { RowError } from './import-row.ts'
import { formatDate, formatTime, formatTimestamp, type TimeUnit } from './parquet-times.ts'

/** A stored value, other than null, as JSON's: see encodeFeatures. */
export type Convert = (value: unknown) => unknown

// Types that parquet-format calls converted, by those that it calls logical.
const LOGICAL: Readonly<Record<string, string>> = { UTF8: 'STRING', ENUM: 'STRING' }
const UNSUPPORTED = ['BSON', 'INTERVAL', 'VARIANT', 'GEOMETRY', 'GEOGRAPHY']

/**
 * How a column's stored values become JSON's, by its type.
 * Source: apache/parquet-format, LogicalTypes.md.
 * @throws FileError for a type that has no place in JSON.
 */
export function convertLeaf(element: SchemaElement): Convert {
  const { type, logical_type: logical, name } = element
  const converted: string = element.converted_type ?? ''
  const kind = logical?.type ?? LOGICAL[converted] ?? converted
  if (UNSUPPORTED.includes(kind)) throw new FileError(`the column ${name} is of type ${kind}, which cannot be imported`)
  if (kind === 'STRING' || kind === 'ENUM') return textOf
  if (kind === 'JSON') return jsonOf
  if (kind === 'UUID') return uuidOf
  if (kind === 'DECIMAL') return convertDecimal(element)
  if (kind === 'DATE') return (value) => formatDate(Number(value))
  const times = convertTimes(element)
  if (times) return times
  if (isUnsigned(element)) return (value) => exactNumber(String(BigInt.asUintN(type === 'INT64' ? 64 : 32, integerOf(value))))
  if (type === 'INT96') return (value) => formatTimestamp(integerOf(value), 'NANOS', true)
  if (kind !== 'FLOAT16' && (type === 'BYTE_ARRAY' || type === 'FIXED_LEN_BYTE_ARRAY')) return base64Of
  return plainOf
}

/** Older files have the scale beside the type, and others in it alone. */
function convertDecimal({ name, scale: besideType, logical_type: logical }: SchemaElement): Convert {
  const scale = besideType ?? (logical?.type === 'DECIMAL' ? logical.scale : undefined) ?? 0
  if (scale < 0) throw new FileError(`the column ${name} has a negative scale, which is no Parquet`)
  return (value) => exactNumber(`${integerOf(value)}e-${scale}`)
}

function convertTimes({ converted_type: converted, logical_type: logical }: SchemaElement): Convert | undefined {
  if (logical?.type === 'TIMESTAMP') {
    const { unit, isAdjustedToUTC } = logical
    return (value) => formatTimestamp(integerOf(value), unit, isAdjustedToUTC)
  }
  if (logical?.type === 'TIME') return (value) => formatTime(integerOf(value), logical.unit)
  const [kind, unit] = (converted ?? '').split('_') as [string, TimeUnit]
  if (kind === 'TIMESTAMP') return (value) => formatTimestamp(integerOf(value), unit, true)
  if (kind === 'TIME') return (value) => formatTime(integerOf(value), unit)
  return undefined
}

function isUnsigned({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return converted?.startsWith('UINT_') || (logical?.type === 'INTEGER' && !logical.isSigned)
}

/** Integers, and the bytes of large ones: two's complement, the highest first. */
function integerOf(value: unknown): bigint {
  if (value instanceof Uint8Array) {
    return value.length === 0 ? 0n : BigInt.asIntN(value.length * 8, BigInt(`0x${bufferOf(value).toString('hex')}`))
  }
  return BigInt(value as number | bigint)
}

function plainOf(value: unknown): unknown {
  if (typeof value === 'bigint') return exactNumber(String(value))
  if (typeof value !== 'number') return value
  if (!Number.isFinite(value)) throw new RowError(`is ${value}, which JSON has no number for`)
  return exactNumber(String(value))
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  try {
    return decodeUtf8Part(value as Uint8Array)
  } catch {
    throw new RowError('is a text that is not UTF-8')
  }
}

function jsonOf(value: unknown): unknown {
  const text = textOf(value)
  try {
    return parseJsonText(text)
  } catch {
    throw new RowError('is not JSON, as its column says')
  }
}

function uuidOf(value: unknown): string {
  return bufferOf(value)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** As the API shows binary. */
function base64Of(value: unknown): string {
  return bufferOf(value).toString('base64')
}

function bufferOf(value: unknown): Buffer {
  const { buffer, byteOffset, byteLength } = value as Uint8Array
  return Buffer.from(buffer, byteOffset, byteLength)
}
