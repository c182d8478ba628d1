import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { METRICS, type Metric } from '../../src/metrics/catalog.ts'
import { HOSTILE_TEXTS, hostileText } from '../support/hostile-texts.ts'
import { asked, createMeasuredService, RECORD, type Stored } from '../support/measured-service.ts'
import { FORMATS, type Format, type MetricLine } from '../support/metric-lines.ts'
import { PREFIX, startMetrics, tagValues, totalOf } from '../support/metrics-to-receiver.ts'

// Twenty thousand operations and more, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 60_000 })

const CATEGORIES = 10_000
const PER_REQUEST = 50

const names = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}_${index}`)

/** Random categories, some of them hostile, no two the same. */
function randomCategories(seed: number): string[] {
  const random = fc.sample(hostileText, { seed, numRuns: CATEGORIES })
  const hostile = Object.values(HOSTILE_TEXTS)
  return [...new Set([...hostile, ...random.map((text, index) => `${text}${index}`)])]
    .filter((name) => name !== '__proto__')
    .slice(0, CATEGORIES)
}

/** Sends the categories through every operation there is: read alone, read with others, written. */
async function serve(format: Format, categories: readonly string[], stored: (category: string) => Stored) {
  const { metrics, sent } = await startMetrics({ format })
  const { reader, writer } = createMeasuredService(metrics, { stored })
  const request = { tableType: 'bright_uid', identifier: 'user123' } as const
  const settled: PromiseSettledResult<unknown>[] = []
  for (let start = 0; start < categories.length; start += PER_REQUEST) {
    const some = categories.slice(start, start + PER_REQUEST)
    const each = <Value>(value: Value) => Object.fromEntries(some.map((category) => [category, value]))
    settled.push(
      ...(await Promise.allSettled([
        ...some.map((category) => reader.readCategory({ ...request, category, ...asked() })),
        reader.readMapping({ ...request, mapping: each(['age', 'height']), ...asked() }),
        writer.writeCategories({ ...request, categories: each({ age: 1 }), ...asked() }),
      ])),
    )
    await setImmediate()
  }
  return { settled, sent }
}

/** Reads each category alone, and returns what an operator has of it. */
async function readEach(format: Format, categories: readonly string[], stored: (category: string) => Stored) {
  const { metrics, sent } = await startMetrics({ format })
  const { reader } = createMeasuredService(metrics, { stored })
  const request = { tableType: 'bright_uid', identifier: 'user123' } as const
  for (const [index, category] of categories.entries()) {
    await reader.readCategory({ ...request, category, ...asked() }).catch(() => {})
    if (index % PER_REQUEST === 0) await setImmediate()
  }
  return sent()
}

function expectOnlyOurMetrics(lines: readonly MetricLine[]): void {
  const catalog = new Map<string, Metric>(Object.entries(METRICS).map(([name, metric]) => [`${PREFIX}.${name}`, metric]))
  const others = lines.filter(({ name, tags }) => Object.keys(tags).join() !== catalog.get(name)?.tags.join())
  expect(others).toEqual([])
  expect(tagValues(lines, 'table_type')).toEqual(new Set(['bright_uid']))
}

test.for(FORMATS)('in %s 10,000 random categories that are found leave 101 values and no malformed line', async (format) => {
  const categories = randomCategories(1)
  const { settled, sent } = await serve(format, categories, () => RECORD)

  const lines = await sent()

  expect(categories).toHaveLength(CATEGORIES)
  expect(settled.filter(({ status }) => status === 'rejected')).toEqual([])
  expect(tagValues(lines, 'category').size).toBe(101)
  expectOnlyOurMetrics(lines)
  expect(totalOf(lines, 'read.single_item.success')).toBe(CATEGORIES)
  expect(totalOf(lines, 'read.multi_category.success')).toBe(CATEGORIES / PER_REQUEST)
  expect(totalOf(lines, 'write.multi_category.success')).toBe(CATEGORIES / PER_REQUEST)
  expect(totalOf(lines, 'dynamodb.update_item.feature_count')).toBe(CATEGORIES)
  // Two features of each category alone, one of two with others.
  expect(totalOf(lines, 'feature.found.count')).toBe(3 * CATEGORIES)
  expect(totalOf(lines, 'feature.null.count')).toBe(CATEGORIES)
  expect(totalOf(lines, 'feature.missing.count')).toBe(CATEGORIES)
})

test.for(FORMATS)(
  'in %s 10,000 categories that the store has not, or cannot tell of, leave one value and no malformed line',
  async (format) => {
    const categories = randomCategories(2)
    const unreadable = new Set(categories.filter((_, index) => index % 4 === 0))

    const lines = await readEach(format, categories, (category) => (unreadable.has(category) ? 'no answer' : undefined))

    expect(tagValues(lines, 'category')).toEqual(new Set(['other']))
    expectOnlyOurMetrics(lines)
    expect(totalOf(lines, 'read.single_item.not_found')).toBe(7500)
    expect(totalOf(lines, 'read.single_item.error')).toBe(2500)
    expect(totalOf(lines, 'feature.missing.count')).toBe(7500)
  },
)

test('junk reads take no place: a hundred categories that are found after 10,000 that are not have tags of their own', async () => {
  const ours = new Set(names(100, 'ours'))
  const categories = [...names(CATEGORIES, 'junk'), ...ours]

  const lines = await readEach('dogstatsd', categories, (category) => (ours.has(category) ? RECORD : undefined))

  expect(tagValues(lines, 'category')).toEqual(new Set([...ours, 'other']))
  for (const name of ours) expect(totalOf(lines, 'read.single_item.success', ({ tags }) => tags.category === name)).toBe(1)
  expect(totalOf(lines, 'read.single_item.not_found', ({ tags }) => tags.category === 'other')).toBe(CATEGORIES)
})

test('the first hundred keep their tags, whatever is found and written after them', async () => {
  const first = names(100, 'first')
  const { sent } = await serve('dogstatsd', [...first, ...names(500, 'later'), ...first], () => RECORD)

  const lines = await sent()

  expect(tagValues(lines, 'category')).toEqual(new Set([...first, 'other']))
  for (const name of first) expect(totalOf(lines, 'read.single_item.success', ({ tags }) => tags.category === name)).toBe(2)
})

test('a write that the store did not take leaves no category behind', async () => {
  const { metrics, sent } = await startMetrics({ format: 'dogstatsd' })
  const { writer } = createMeasuredService(metrics, { stored: () => 'no answer' })
  const categories = Object.fromEntries(names(100, 'refused').map((name) => [name, { age: 1 }]))

  const writing = writer.writeCategories({ tableType: 'bright_uid', identifier: 'user123', categories, ...asked() })

  await expect(writing).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  const lines = await sent()
  expect(tagValues(lines, 'category')).toEqual(new Set(['other']))
  expect(totalOf(lines, 'write.multi_category.error')).toBe(1)
  expect(totalOf(lines, 'dynamodb.update_item.error')).toBe(100)
})
