import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Item } from '../../src/dynamodb/items/attribute.ts'
import { toRecord } from '../../src/dynamodb/items/record-json.ts'
import { storedFeatures } from '../support/arbitrary-attributes.ts'
import { inOneForm, itemOf, readOffBytes, servedOf, WRITTEN_AT } from '../support/stored-record.ts'

const NOW_MS = Date.parse(WRITTEN_AT)
const OF_OTHERS = /"(?:SS|NS|B|BS)":/

test('whatever this service stores is read off its bytes, the same as of objects', () => {
  const ours = storedFeatures.filter((features) => !OF_OTHERS.test(JSON.stringify(features)))
  fc.assert(
    fc.property(ours, (features) => {
      const item = itemOf(features)

      expect(readOffBytes(JSON.stringify({ Item: item }))).toBeDefined()
      servedOf(item) // compares both
    }),
    { numRuns: 1000 },
  )
})

// No two of its names are so near each other that one byte makes them the same.
const ITEM = itemOf({
  first: { N: '12.5' },
  'oth"er\\': { S: 'té\n"x\\' },
  last_one: { L: [{ BOOL: true }, { NULL: true }, { M: { inner: { N: '-0.25' } } }] },
})
const REPLY = Buffer.from(JSON.stringify({ Item: ITEM }))
const JSON_BYTES = [...Buffer.from('{}[]",:\\0123456789-.eENSMLnull true')]

test('bytes that are not as they were are to be read as objects, or mean what they mean as objects', () => {
  const aByte = fc.oneof(fc.constantFrom(...JSON_BYTES), fc.integer({ min: 0, max: 255 }))
  let read = 0
  fc.assert(
    fc.property(fc.nat(REPLY.length - 1), aByte, (at, byte) => {
      const reply = Buffer.from(REPLY)
      reply[at] = byte
      const item = readOffBytes(reply)
      if (item === undefined) return
      read += 1
      const parsed: { Item: Item } = JSON.parse(reply.toString())

      expect(item.key).toEqual({ identifier: parsed.Item.bright_uid?.S, category: parsed.Item.category?.S })
      expect(inOneForm(item.recordAt([], NOW_MS))).toEqual(inOneForm(toRecord(parsed.Item, [], NOW_MS)))
    }),
    { numRuns: 5000 },
  )
  expect(read).toBeGreaterThan(100)
})
