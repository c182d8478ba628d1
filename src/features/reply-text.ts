import { ValidationError } from '../errors.ts'
import { quoteName } from '../json/quote-name.ts'
import type { Entity, FeatureMapping, FeatureRecord } from './feature-record.ts'

/** Records by category. */
type Records = ReadonlyMap<string, FeatureRecord>

/** One category as the API shows it; the first key is the table's own partition key. */
export function itemText({ tableType, identifier }: Entity, category: string, { json }: FeatureRecord): string {
  return `{"${tableType}":${JSON.stringify(identifier)},"category":${JSON.stringify(category)},"features":${json}}`
}

/** Categories as the API shows them, by category, in their order. */
export function itemsText(entity: Entity, records: Iterable<readonly [category: string, record: FeatureRecord]>): string {
  let members = ''
  for (const [category, record] of records) {
    members += (members === '' ? '' : ',') + quoteName(category) + itemText(entity, category, record)
  }
  return `{${members}}`
}

/** What of a mapping an entity has, and what it has not: the members that tell it. */
export function pickedText(entity: Entity, mapping: FeatureMapping, records: Records): string {
  const asked = Object.keys(mapping)
  const found = asked.flatMap((category) => {
    const record = records.get(category)
    return record ? [[category, record] as const] : []
  })
  const missingCategories = asked.filter((category) => !records.has(category)).map((category) => JSON.stringify(category))
  const missingFeatures = found
    .filter(([, { missing }]) => missing.length > 0)
    .map(([category, { missing }]) => quoteName(category) + JSON.stringify(missing))
  return (
    `"items":${itemsText(entity, found)},"missing_categories":[${missingCategories.join()}],` +
    `"missing_features":{${missingFeatures.join()}}`
  )
}

/**
 * A reply's text, put together by `write`.
 * @throws ValidationError when it is longer than a text can be: V8's longest has 2^29 - 24 characters.
 */
export function fitReply(write: () => string): string {
  try {
    return write()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new ValidationError([{ path: '$', message: 'asks for more than fits one reply; ask for less at once' }])
  }
}
