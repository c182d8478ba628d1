import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { hostileText } from '../support/hostile-texts.ts'
import { asked, createMeasuredService, RECORD } from '../support/measured-service.ts'
import { FORMATS, type Format } from '../support/metric-lines.ts'
import { startMetrics, tagValues, totalOf } from '../support/metrics-to-receiver.ts'

// Twenty thousand identifiers, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 60_000 })

const tableType = 'bright_uid'
const OPERATIONS = ['read.single_item', 'read.multi_category', 'write.multi_category'] as const

/** What an operator has once each identifier was read alone, read with a mapping, and written. */
async function serve(format: Format, identifiers: readonly string[], tagIdentifier: boolean) {
  const { metrics, sent } = await startMetrics({ format })
  const { reader, writer } = createMeasuredService(metrics, { stored: () => RECORD, tagIdentifier })
  for (const [index, identifier] of identifiers.entries()) {
    await reader.readCategory({ tableType, identifier, category: 'transactions', ...asked() })
    await reader.readMapping({ tableType, identifier, mapping: { transactions: [] }, ...asked() })
    await writer.writeCategories({ tableType, identifier, categories: { transactions: { age: 1 } }, ...asked() })
    if (index % 20 === 0) await setImmediate()
  }
  return sent()
}

test.for(FORMATS)(
  'in %s operations are tagged with the identifier when that is asked for, and only operations',
  async (format) => {
    const lines = await serve(format, ['user123', 'user 456'], true)

    for (const operation of OPERATIONS) {
      for (const identifier of ['user123', 'user_456']) {
        expect(totalOf(lines, `${operation}.success`, ({ tags }) => tags.identifier === identifier)).toBe(1)
      }
    }
    const others = lines.filter(({ name }) => !OPERATIONS.some((operation) => name.includes(operation)))
    expect(others.length).toBeGreaterThan(0)
    expect(tagValues(others, 'identifier').size).toBe(0)
  },
)

test('an operation that fails is tagged with the identifier too', async () => {
  const { metrics, sent } = await startMetrics({ format: 'dogstatsd' })
  const { reader } = createMeasuredService(metrics, { stored: () => 'no answer', tagIdentifier: true })

  await reader.readCategory({ tableType, identifier: 'user123', category: 'junk', ...asked() }).catch(() => {})

  const error = (await sent()).find(({ name }) => name.endsWith('read.single_item.error'))
  expect(error?.tags).toEqual({
    table_type: tableType,
    category: 'other',
    identifier: 'user123',
    error_type: 'service_unavailable',
  })
})

test.for(FORMATS)('in %s no identifier is on the wire unless it is asked for', async (format) => {
  const identifiers = Array.from({ length: 50 }, (_, index) => `very-private-person-${index}`)

  const lines = await serve(format, identifiers, false)

  expect(totalOf(lines, 'read.single_item.success')).toBe(50)
  expect(tagValues(lines, 'identifier').size).toBe(0)
  expect(JSON.stringify(lines)).not.toContain('very-private')
})

test.for(FORMATS)('in %s hostile identifiers forge nothing and break no line', async (format) => {
  const identifiers = fc.sample(hostileText, { seed: 3, numRuns: 500 })

  const lines = await serve(format, identifiers, true)

  for (const operation of OPERATIONS) expect(totalOf(lines, `${operation}.success`)).toBe(500)
  expect(tagValues(lines, 'category')).toEqual(new Set(['transactions']))
  expect(tagValues(lines, 'table_type')).toEqual(new Set([tableType]))
})

test('20,000 different identifiers, and the first of them again, are each counted exactly', async () => {
  const { metrics, sent } = await startMetrics({ format: 'dogstatsd' })
  const { reader } = createMeasuredService(metrics, { stored: () => RECORD, tagIdentifier: true })
  const identifiers = Array.from({ length: 20_000 }, (_, index) => `user_${index}`)

  for (const [index, identifier] of [...identifiers, ...identifiers.slice(0, 1000)].entries()) {
    await reader.readMapping({ tableType, identifier, mapping: { transactions: ['age'] }, ...asked() })
    if (index % 20 === 0) await setImmediate()
  }

  const counts = new Map<string | undefined, number>()
  for (const { name, tags, value } of await sent()) {
    if (name.endsWith('read.multi_category.success')) counts.set(tags.identifier, (counts.get(tags.identifier) ?? 0) + value)
  }
  expect(counts.size).toBe(20_000)
  expect([...counts].filter(([, count]) => count === 2)).toEqual(identifiers.slice(0, 1000).map((identifier) => [identifier, 2]))
})
