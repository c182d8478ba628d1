import { expect, test } from 'vitest'
import { HOSTILE_TEXTS } from '../support/hostile-texts.ts'
import { asked, createMeasuredService, RECORD, type Stored } from '../support/measured-service.ts'
import { FORMATS, type Format } from '../support/metric-lines.ts'
import { PREFIX, startMetrics, tagValues, totalOf } from '../support/metrics-to-receiver.ts'

const tableType = 'bright_uid'
const OF_ONE = ['read.entity', 'write.merge', 'delete.single_item', 'delete.entity'] as const
const OF_SEVERAL = ['read.multi_entity', 'write.multi_entity'] as const

type ServeOptions = { tagIdentifier: boolean; stored?: Stored }

/** What an operator has once each identifier was named alone in each of the operations on one, and in a list in the others. */
async function serve(format: Format, identifiers: readonly string[], { tagIdentifier, stored = RECORD }: ServeOptions) {
  const { metrics, sent } = await startMetrics({ format })
  const { reader, writer, eraser } = createMeasuredService(metrics, {
    stored: () => stored,
    categoriesOf: () => ['transactions'],
    tagIdentifier,
  })
  for (const identifier of identifiers) {
    const entity = { tableType, identifier, ...asked() } as const
    const entities = Object.fromEntries([[identifier, { transactions: { age: 1 } }]])
    await Promise.allSettled([
      reader.readEntity({ ...entity, limit: 100, cursor: undefined }),
      writer.mergeCategory({ ...entity, category: 'transactions', patch: { age: 1 } }),
      eraser.deleteCategory({ ...entity, category: 'transactions' }),
      eraser.deleteEntity(entity),
      reader.readEntities({ tableType, identifiers: [identifier], mapping: { transactions: [] }, ...asked() }),
      writer.writeEntities({ tableType, entities, ...asked() }),
    ])
  }
  return sent()
}

test.for(FORMATS)('in %s operations on one entity are tagged with its identifier when that is asked for', async (format) => {
  const lines = await serve(format, ['user123', 'user 456'], { tagIdentifier: true })

  for (const operation of OF_ONE) {
    for (const identifier of ['user123', 'user_456']) {
      expect(
        totalOf(lines, `${operation}.success`, ({ tags }) => tags.identifier === identifier),
        operation,
      ).toBe(1)
    }
  }
})

test.for(FORMATS)('in %s no other line is tagged with an identifier, those of several entities among them', async (format) => {
  const lines = await serve(format, ['very-private-person'], { tagIdentifier: true })

  const others = lines.filter(({ name }) => !OF_ONE.some((operation) => name.startsWith(`${PREFIX}.${operation}.`)))
  for (const operation of OF_SEVERAL) expect(totalOf(others, `${operation}.success`)).toBe(1)
  expect(tagValues(others, 'identifier').size).toBe(0)
  expect(JSON.stringify(others)).not.toContain('very-private')
})

test.for(OF_ONE)('%s that fails is tagged with the identifier, too', async (operation) => {
  const lines = await serve('dogstatsd', ['user123'], { tagIdentifier: true, stored: 'no answer' })

  const error = lines.find(({ name }) => name === `${PREFIX}.${operation}.error`)
  expect(error?.tags).toMatchObject({ table_type: tableType, identifier: 'user123', error_type: 'service_unavailable' })
})

test.for(FORMATS)('in %s no identifier is on the wire unless it is asked for', async (format) => {
  const lines = await serve(format, ['very-private-person-1', 'very-private-person-2'], { tagIdentifier: false })

  for (const operation of [...OF_ONE, ...OF_SEVERAL]) expect(totalOf(lines, `${operation}.success`)).toBe(2)
  expect(tagValues(lines, 'identifier').size).toBe(0)
  expect(JSON.stringify(lines)).not.toContain('very-private')
})

test.for(FORMATS)('in %s hostile identifiers forge nothing and break no line', async (format) => {
  const identifiers = Object.values(HOSTILE_TEXTS)

  const lines = await serve(format, identifiers, { tagIdentifier: true })

  for (const operation of OF_ONE) expect(totalOf(lines, `${operation}.success`)).toBe(identifiers.length)
  expect(tagValues(lines, 'category')).toEqual(new Set(['transactions']))
  expect(tagValues(lines, 'table_type')).toEqual(new Set([tableType]))
})
