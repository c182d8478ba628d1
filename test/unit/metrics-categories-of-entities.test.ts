import fc from 'fast-check'
import { expect, test } from 'vitest'
import { METRICS, type Metric } from '../../src/metrics/catalog.ts'
import { HOSTILE_TEXTS, hostileText } from '../support/hostile-texts.ts'
import { asked, createMeasuredService, type MeasuredService, RECORD, type Stored } from '../support/measured-service.ts'
import { FORMATS, type Format, type MetricLine } from '../support/metric-lines.ts'
import { PREFIX, startMetrics, tagValues, totalOf } from '../support/metrics-to-receiver.ts'

const CATEGORIES = 1000
const PER_REQUEST = 50

const tableType = 'bright_uid'
const names = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}_${index}`)
const each = <Value>(categories: readonly string[], value: Value) =>
  Object.fromEntries(categories.map((category) => [category, value]))

/** Random categories, some of them hostile, no two the same. */
function randomCategories(seed: number): string[] {
  const random = fc.sample(hostileText, { seed, numRuns: CATEGORIES })
  const all = [...Object.values(HOSTILE_TEXTS), ...random.map((text, index) => `${text}${index}`)]
  return [...new Set(all)].filter((name) => name !== '__proto__').slice(0, CATEGORIES)
}

/** The operations beside those on the categories of one entity, each on these categories. */
const OPERATIONS = {
  'read.multi_entity': ({ reader }, categories) =>
    reader.readEntities({ tableType, identifiers: ['user1', 'user2'], mapping: each(categories, ['age', 'height']), ...asked() }),
  // Its identifier is what the store takes its categories from.
  'read.entity': ({ reader }, categories) =>
    reader.readEntity({ tableType, identifier: JSON.stringify(categories), limit: 1000, cursor: undefined, ...asked() }),
  'write.multi_entity': ({ writer }, categories) =>
    writer.writeEntities({ tableType, entities: { user1: each(categories, { age: 1 }) }, ...asked() }),
  'write.merge': ({ writer }, categories) =>
    Promise.all(
      categories.map((category) =>
        writer.mergeCategory({ tableType, identifier: 'user1', category, patch: { age: 1 }, ...asked() }),
      ),
    ),
  'delete.single_item': ({ eraser }, categories) =>
    Promise.all(categories.map((category) => eraser.deleteCategory({ tableType, identifier: 'user1', category, ...asked() }))),
  'delete.entity': ({ eraser }, categories) =>
    eraser.deleteEntity({ tableType, identifier: JSON.stringify(categories), ...asked() }),
} satisfies Record<string, (controllers: MeasuredService, categories: readonly string[]) => Promise<unknown>>

type Operation = keyof typeof OPERATIONS
const ALL = Object.keys(OPERATIONS) as Operation[]

/** Sends the categories through operations; returns how those ended, and what an operator has of it. */
async function serve(
  format: Format,
  rounds: readonly (readonly [categories: readonly string[], operations: readonly Operation[]])[],
  stored: (category: string) => Stored,
) {
  const { metrics, sent } = await startMetrics({ format })
  const controllers = createMeasuredService(metrics, { stored, categoriesOf: (identifier) => JSON.parse(identifier) as string[] })
  const settled: PromiseSettledResult<unknown>[] = []
  for (const [categories, operations] of rounds) {
    for (let start = 0; start < categories.length; start += PER_REQUEST) {
      const some = categories.slice(start, start + PER_REQUEST)
      settled.push(...(await Promise.allSettled(operations.map((operation) => OPERATIONS[operation](controllers, some)))))
    }
  }
  return { failed: settled.filter(({ status }) => status === 'rejected').length, lines: await sent() }
}

function expectOnlyOurMetrics(lines: readonly MetricLine[]): void {
  const catalog = new Map<string, Metric>(Object.entries(METRICS).map(([name, metric]) => [`${PREFIX}.${name}`, metric]))
  expect(lines.filter(({ name, tags }) => Object.keys(tags).join() !== catalog.get(name)?.tags.join())).toEqual([])
  expect(tagValues(lines, 'table_type')).toEqual(new Set([tableType]))
}

test.for(FORMATS)(
  'in %s 1,000 random categories, read, merged, written and deleted, leave 101 values and no malformed line',
  async (format) => {
    const categories = randomCategories(1)

    const { failed, lines } = await serve(format, [[categories, ALL]], () => RECORD)

    expect([categories.length, failed]).toEqual([CATEGORIES, 0])
    expect(tagValues(lines, 'category').size).toBe(101)
    expectOnlyOurMetrics(lines)
    for (const operation of ALL) {
      const perRequest = ['write.merge', 'delete.single_item'].includes(operation) ? 1 : PER_REQUEST
      expect(totalOf(lines, `${operation}.success`), operation).toBe(CATEGORIES / perRequest)
    }
    // One of two named features of two entities, and all two of an entity's page.
    expect(totalOf(lines, 'feature.found.count')).toBe(4 * CATEGORIES)
    expect(totalOf(lines, 'feature.missing.count')).toBe(2 * CATEGORIES)
    // Replaced and merged; a delete writes none.
    expect(totalOf(lines, 'dynamodb.update_item.feature_count')).toBe(2 * CATEGORIES)
  },
)

test.for(FORMATS)(
  'in %s 1,000 categories that the store cannot tell of leave one value and no malformed line',
  async (format) => {
    const { lines } = await serve(format, [[randomCategories(2), ALL]], () => 'no answer')

    expect(tagValues(lines, 'category')).toEqual(new Set(['other']))
    expectOnlyOurMetrics(lines)
    for (const operation of ALL) expect(totalOf(lines, `${operation}.error`), operation).toBeGreaterThan(0)
    for (const operation of ALL) expect(totalOf(lines, `${operation}.success`), operation).toBe(0)
  },
)

// What is there is found, and what is written is there; what is merely asked for, or is to be gone, may be anything.
test.for(['read.multi_entity', 'read.entity', 'delete.single_item', 'delete.entity'] as const)(
  'junk in %s takes no place: a hundred categories that are found after it have tags of their own',
  async (operation) => {
    const ours = new Set(names(100, 'ours'))
    const junk = names(CATEGORIES, 'junk')

    const { lines } = await serve(
      'dogstatsd',
      [
        [junk, [operation]],
        [[...ours], ['read.multi_entity']],
      ],
      (category) => (ours.has(category) ? RECORD : undefined),
    )

    expect([...tagValues(lines, 'category')].filter((tag) => !ours.has(tag) && tag !== 'other')).toEqual([])
    for (const name of ours) expect(totalOf(lines, 'feature.found.count', ({ tags }) => tags.category === name)).toBe(2)
  },
)

test.for(['read.multi_entity', 'read.entity', 'write.multi_entity', 'write.merge'] as const)(
  'the first hundred that %s finds or writes have tags of their own, whatever comes after them',
  async (operation) => {
    const first = names(100, 'first')

    const { lines } = await serve('dogstatsd', [[[...first, ...names(200, 'later'), ...first], [operation]]], () => RECORD)

    expect(tagValues(lines, 'category')).toEqual(new Set([...first, 'other']))
  },
)
