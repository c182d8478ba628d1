import { isAtEnd, type Scan, scanArray, scanObject, scanPlainNumber, scanPlainString, scanWord } from '../json/scan-plain.ts'
import type { CategoryFeatures } from './check-body.ts'
import type { EntityFeatures } from './check-entities.ts'
import { checkIdentifier, checkWritableCategory } from './check-names.ts'
import { ENCODED_FALSE, ENCODED_NULL, ENCODED_TRUE, type EncodedFeatures } from './encode-features.ts'
import { MAX_NAME_BYTES, MAX_NESTING, MAX_WRITE_CATEGORIES } from './limits.ts'
import { CONTAINER_BYTES, FLAG_BYTES, MEMBER_BYTES, numberBytes } from './value-bytes.ts'

/**
 * Reads a body off its text, as it comes from the wire: checked, counted and written for the store in one pass, without an object
 * of its JSON in between, which takes half the time.
 * @returns undefined where it is anything but plain: escapes, what is not ASCII, numbers with an exponent or more digits than a
 * double keeps, objects within values, whatever breaks a rule. JSON.parse and the rules tell then what it is.
 */
export type ReadBodyText<Body> = (text: string) => Body | undefined

/** The features of a category while they are read. */
type Reading = { readonly scan: Scan; bytes: number }

/** A body of features by category: as readWriteBody reads it. */
export const readWriteText: ReadBodyText<CategoryFeatures> = (text) => {
  const scan = { text, at: 0 }
  const categories = scanCategories(scan)
  return categories && isAtEnd(scan) && categories.size <= MAX_WRITE_CATEGORIES ? categories : undefined
}

/** A body of features by identifier and category: as readEntityFeatures reads it. */
export const readEntitiesText: ReadBodyText<EntityFeatures> = (text) => {
  const scan = { text, at: 0 }
  const entities = new Map<string, CategoryFeatures>()
  let count = 0
  const isPlain = scanObject(scan, (name) => {
    const categories = entities.has(name) || checkIdentifier(name) !== undefined ? undefined : scanCategories(scan)
    if (!categories) return false
    count += categories.size
    entities.set(ownText(name), categories)
    return count <= MAX_WRITE_CATEGORIES
  })
  return isPlain && isAtEnd(scan) && entities.size > 0 ? entities : undefined
}

/** At least one category. */
function scanCategories(scan: Scan): CategoryFeatures | undefined {
  const categories = new Map<string, EncodedFeatures>()
  const isPlain = scanObject(scan, (name) => {
    const features = categories.has(name) || checkWritableCategory(name) !== undefined ? undefined : scanFeatures(scan)
    if (!features) return false
    categories.set(ownText(name), features)
    return true
  })
  return isPlain && categories.size > 0 ? categories : undefined
}

/** A part of a text holds all of it in memory: names that others keep, as metrics do, must not. */
function ownText(ascii: string): string {
  return Buffer.from(ascii, 'latin1').toString('latin1')
}

function scanFeatures(scan: Scan): EncodedFeatures | undefined {
  const reading = { scan, bytes: 0 }
  const members = new Map<string, string>()
  let count = 0
  const isPlain = scanObject(scan, (name) => {
    if (name === '' || name === '__proto__' || name.length > MAX_NAME_BYTES) return false
    reading.bytes += MEMBER_BYTES + name.length
    const value = scanValue(reading, 0)
    if (value === undefined) return false
    count += 1
    // Of two of one name only the last counts.
    return members.set(name, value).size === count
  })
  return isPlain ? { members, bytes: reading.bytes } : undefined
}

/** A value, `depth` containers deep, as DynamoDB's JSON. */
function scanValue(reading: Reading, depth: number): string | undefined {
  const { scan } = reading
  const number = scanPlainNumber(scan)
  if (number !== undefined) {
    reading.bytes += numberBytes(number)
    return `{"N":"${number}"}`
  }
  const text = scanPlainString(scan)
  if (text !== undefined) {
    reading.bytes += text.length
    return `{"S":"${text}"}`
  }
  return scanFlag(reading) ?? scanList(reading, depth)
}

function scanFlag(reading: Reading): string | undefined {
  const { scan } = reading
  reading.bytes += FLAG_BYTES
  if (scanWord(scan, 'true')) return ENCODED_TRUE
  if (scanWord(scan, 'false')) return ENCODED_FALSE
  if (scanWord(scan, 'null')) return ENCODED_NULL
  reading.bytes -= FLAG_BYTES
  return undefined
}

function scanList(reading: Reading, depth: number): string | undefined {
  if (depth === MAX_NESTING) return undefined
  let items = ''
  reading.bytes += CONTAINER_BYTES
  const isPlain = scanArray(reading.scan, () => {
    reading.bytes += MEMBER_BYTES
    const value = scanValue(reading, depth + 1)
    if (value !== undefined) items += items === '' ? value : `,${value}`
    return value !== undefined
  })
  return isPlain ? `{"L":[${items}]}` : undefined
}
