import { ValidationError } from '../errors.ts'
import { joinTexts } from '../json/join-texts.ts'
import { quoteName } from '../json/quote-name.ts'
import { quoteText } from '../json/quote-text.ts'
import type { Entity, FeatureMapping, FeatureRecord, TableType } from './feature-record.ts'

/** Records by category. */
type Records = ReadonlyMap<string, FeatureRecord>

/** What one of several entities was found to have. */
type EntityRecords = { identifier: string; records: Records }

const MAX_REPEATED_CHARACTERS = 16 * 1024 * 1024

/** One category as the API shows it; the first key is the table's own partition key. */
export function itemText({ tableType, identifier }: Entity, category: string, { json }: FeatureRecord): string {
  return `{"${tableType}":${quoteText(identifier)},"category":${quoteText(category)},"features":${json}}`
}

/** Categories as the API shows them, by category, in their order. */
export function itemsText(entity: Entity, records: Iterable<readonly [category: string, record: FeatureRecord]>): string {
  return `{${joinTexts(records, ([category, record]) => quoteName(category) + itemText(entity, category, record))}}`
}

/** What of a mapping an entity has, and what it has not: the members that tell it. */
export function pickedText(entity: Entity, mapping: FeatureMapping, records: Records): string {
  let items = ''
  let missingCategories = ''
  let missingFeatures = ''
  for (const category of Object.keys(mapping)) {
    const record = records.get(category)
    if (record) {
      items += between(items) + quoteName(category) + itemText(entity, category, record)
      if (record.missing.length > 0) {
        missingFeatures += between(missingFeatures) + quoteName(category) + JSON.stringify(record.missing)
      }
    } else missingCategories += between(missingCategories) + quoteText(category)
  }
  return `"items":{${items}},"missing_categories":[${missingCategories}],"missing_features":{${missingFeatures}}`
}

/** What stands before a further member. */
function between(members: string): '' | ',' {
  return members === '' ? '' : ','
}

/**
 * What each of several entities has of a mapping, in their order. Of one that is named again, the text is made once.
 * @throws ValidationError when what is named again is too long: one large entity could make a reply of hundreds of megabytes
 * out of one read.
 */
export function entitiesText(tableType: TableType, entities: readonly EntityRecords[], mapping: FeatureMapping): string {
  function textOf({ identifier, records }: EntityRecords): string {
    return `{"identifier":${quoteText(identifier)},${pickedText({ tableType, identifier }, mapping, records)}}`
  }
  const distinct = new Map(entities.map((entity) => [entity.identifier, entity]))
  if (distinct.size === entities.length) return joinTexts(entities, textOf)
  const texts = new Map([...distinct].map(([identifier, entity]) => [identifier, textOf(entity)]))
  const asked = entities.map(({ identifier }) => texts.get(identifier) ?? '')
  requireFewRepeats(lengthOf(asked) - lengthOf([...texts.values()]))
  return asked.join()
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, { length }) => sum + length, 0)
}

function requireFewRepeats(characters: number): void {
  if (characters <= MAX_REPEATED_CHARACTERS) return
  const message = `entities named again would add ${characters} characters to the reply; name each once`
  throw new ValidationError([{ path: '$.identifiers', message }])
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
