import { expect, test } from 'vitest'
import { createWriteHistory, type Fate, type WriteHistory, type WriteRecord } from '../support/write-history.ts'

const CREATED_MS = Date.parse('2025-10-07T07:46:26.000Z')

type Happening = (history: WriteHistory) => void

function newHistory(): WriteHistory {
  let turn = 0
  return createWriteHistory(() => {
    turn += 1
    return turn
  })
}

function write(history: WriteHistory, value: number, fate: Fate = 'replaced'): void {
  history.endWrite(history.beginWrite(value), fate)
}

/** A delete has a number too, which no read may see. */
function remove(history: WriteHistory, value: number, fate: Fate = 'replaced'): WriteRecord {
  const deleting = history.beginWrite(value, 'nothing')
  history.endWrite(deleting, fate)
  return deleting
}

/** Reads a value that was written so many seconds after the first life began, in a life that began with the value `since`. */
function read(history: WriteHistory, value: number, since = value): void {
  const at = (seconds: number) => new Date(CREATED_MS + seconds * 1000).toISOString()
  history.endRead(history.beginRead(), { value, createdAt: at(since), updatedAt: at(value) })
}

function readMissing(history: WriteHistory): void {
  history.endRead(history.beginRead(), 'missing')
}

const TRUE_HISTORIES: [string, Happening][] = [
  [
    'nothing after a delete, and a new life after that',
    (history) => {
      write(history, 1)
      read(history, 1)
      remove(history, 2)
      readMissing(history)
      write(history, 3)
      read(history, 3)
      write(history, 4)
      read(history, 4, 3)
    },
  ],
  [
    'what a delete in doubt may have left, and nothing later',
    (history) => {
      write(history, 1)
      remove(history, 2, 'unknown')
      read(history, 1)
      readMissing(history)
    },
  ],
  [
    'nothing while a delete is under way',
    (history) => {
      write(history, 1)
      history.beginWrite(2, 'nothing')
      read(history, 1)
      readMissing(history)
    },
  ],
  [
    'either order of a write and a delete side by side',
    (history) => {
      write(history, 1)
      const slow = history.beginWrite(2, 'nothing')
      write(history, 3)
      read(history, 3, 1)
      history.endWrite(slow, 'replaced')
      readMissing(history)
    },
  ],
  [
    'nothing to delete after another delete',
    (history) => {
      write(history, 1)
      remove(history, 2)
      history.foundNothing(remove(history, 3))
    },
  ],
]

test.for(TRUE_HISTORIES)('a read may see %s', ([_, happen]) => {
  const history = newHistory()

  happen(history)

  expect(history.falsehoods()).toEqual([])
})

const FALSE_HISTORIES: [string, RegExp, Happening][] = [
  [
    'a value after its delete',
    /1 was read, and 2 had been acknowledged/,
    (history) => {
      write(history, 1)
      remove(history, 2)
      read(history, 1)
    },
  ],
  [
    'a write in doubt after a delete was acknowledged',
    /1 was read, and 2 had been acknowledged/,
    (history) => {
      write(history, 1, 'unknown')
      remove(history, 2)
      read(history, 1)
    },
  ],
  [
    'a delete read as a value',
    /had not been written/,
    (history) => {
      remove(history, 1)
      read(history, 1)
    },
  ],
  [
    'nothing after a delete that failed',
    /missing was read, and 1 had been acknowledged/,
    (history) => {
      write(history, 1)
      remove(history, 2, 'failed')
      readMissing(history)
    },
  ],
  [
    'nothing after a write that came after the delete',
    /missing was read, and 1 had been acknowledged/,
    (history) => {
      write(history, 1)
      remove(history, 2)
      write(history, 3)
      readMissing(history)
    },
  ],
  [
    'nothing after a delete in doubt that a write came after',
    /missing was read, and 1 had been acknowledged/,
    (history) => {
      write(history, 1)
      remove(history, 2, 'unknown')
      write(history, 3)
      readMissing(history)
    },
  ],
  [
    'nothing because of a delete after which something was seen',
    /missing was read, and 3 had been read/,
    (history) => {
      remove(history, 1)
      history.beginWrite(3)
      read(history, 3)
      readMissing(history)
    },
  ],
  [
    'nothing to delete where a write was acknowledged',
    /missing was read, and 1 had been acknowledged/,
    (history) => {
      write(history, 1)
      history.foundNothing(remove(history, 2))
    },
  ],
  [
    'a created_at of before the delete',
    /created_at of 3 is that of 1, and 2 had deleted it/,
    (history) => {
      write(history, 1)
      read(history, 1)
      remove(history, 2)
      write(history, 3)
      read(history, 3, 1)
    },
  ],
  [
    'a created_at that moved though the delete failed',
    /created_at moved/,
    (history) => {
      write(history, 1)
      read(history, 1)
      remove(history, 2, 'failed')
      write(history, 3)
      read(history, 3)
    },
  ],
  [
    'a created_at that moved though the delete was over before both',
    /created_at moved/,
    (history) => {
      remove(history, 1)
      write(history, 2)
      read(history, 2)
      write(history, 3)
      read(history, 3)
    },
  ],
  [
    'an updated_at that went back over a delete',
    /updated_at went back/,
    (history) => {
      write(history, 4)
      read(history, 4)
      remove(history, 2)
      write(history, 3)
      read(history, 3)
    },
  ],
]

test.for(FALSE_HISTORIES)('no read may see %s', ([_, falsehood, happen]) => {
  const history = newHistory()

  happen(history)

  expect(history.falsehoods().join('\n')).toMatch(falsehood)
})
