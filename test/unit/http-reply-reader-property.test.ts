import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lastReplies, replies } from '../support/arbitrary-replies.ts'
import { createFedReader } from '../support/fed-reader.ts'

const pieceLengths = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 8 })

test('replies that follow each other are read as they are, however each is cut into pieces', () => {
  fc.assert(
    fc.property(fc.array(replies, { maxLength: 4 }), lastReplies, pieceLengths, (known, last, lengths) => {
      const reader = createFedReader()

      for (const { sent } of [...known, last]) reader.feed(sent, lengths)
      reader.end()

      expect(reader.replies()).toEqual([...known, last].map(({ expected }) => expected))
    }),
    { numRuns: 500 },
  )
})

test('bytes behind a reply are not the next one’s: no other request goes out on its connection', () => {
  fc.assert(
    fc.property(replies, replies, fc.nat(), ({ sent, expected }, { sent: more }, cut) => {
      const reader = createFedReader()
      const behind = more.slice(0, 1 + (cut % more.length))

      reader.feed(sent + behind)

      expect(reader.replies()).toEqual([{ ...expected, keepsAlive: false }])
    }),
  )
})

test('a reply that lacks its last byte is no reply, even where its connection ends', () => {
  fc.assert(
    fc.property(replies, pieceLengths, ({ sent }, lengths) => {
      const reader = createFedReader()

      reader.feed(sent.slice(0, -1), lengths)
      reader.end()

      expect(reader.replies()).toEqual([])
    }),
  )
})
