import { expect, test } from 'vitest'
import { createWriteHistory, type Fate, type WriteHistory } from '../support/write-history.ts'

const CREATED = '2025-10-07T07:46:26.000Z'

function newHistory(): WriteHistory {
  let turn = 0
  return createWriteHistory(() => {
    turn += 1
    return turn
  })
}

function write(history: WriteHistory, value: number, fate: Fate): void {
  history.endWrite(history.beginWrite(value), fate)
}

/** Reads a value whose updated_at is so many seconds after it was created. */
function read(history: WriteHistory, value: number, seconds = value, createdAt = CREATED): void {
  const updatedAt = new Date(Date.parse(CREATED) + seconds * 1000).toISOString()
  history.endRead(history.beginRead(), { value, createdAt, updatedAt })
}

function readMissing(history: WriteHistory): void {
  history.endRead(history.beginRead(), 'missing')
}

const TRUE_HISTORIES: [string, (history: WriteHistory) => void][] = [
  [
    'the last acknowledged write',
    (history) => {
      write(history, 1, 'replaced')
      write(history, 2, 'replaced')
      read(history, 2)
    },
  ],
  [
    'nothing, while nothing was acknowledged',
    (history) => {
      write(history, 1, 'unknown')
      write(history, 2, 'failed')
      readMissing(history)
    },
  ],
  [
    'a write in doubt since the last acknowledged one, and then the acknowledged one never again but by a new write',
    (history) => {
      write(history, 1, 'replaced')
      write(history, 2, 'unknown')
      read(history, 1)
      read(history, 2)
    },
  ],
  [
    'either of two writes side by side',
    (history) => {
      const slow = history.beginWrite(1)
      write(history, 2, 'replaced')
      read(history, 2)
      history.endWrite(slow, 'replaced')
      read(history, 1, 3)
    },
  ],
  [
    'a write that is under way',
    (history) => {
      history.beginWrite(1)
      read(history, 1)
    },
  ],
]

test.for(TRUE_HISTORIES)('a read may see %s', ([_, happen]) => {
  const history = newHistory()

  happen(history)

  expect(history.falsehoods()).toEqual([])
})

const FALSE_HISTORIES: [string, RegExp, (history: WriteHistory) => void][] = [
  [
    'a value that nobody wrote',
    /had not been written/,
    (history) => {
      read(history, 1)
    },
  ],
  [
    'a value before it was written',
    /had not been written/,
    (history) => {
      read(history, 1)
      write(history, 1, 'replaced')
    },
  ],
  [
    'a write answered as failed',
    /answered as failed/,
    (history) => {
      write(history, 1, 'failed')
      read(history, 1)
    },
  ],
  [
    'a write that fails only later',
    /answered as failed/,
    (history) => {
      const slow = history.beginWrite(1)
      read(history, 1)
      history.endWrite(slow, 'failed')
    },
  ],
  [
    'an acknowledged write after a later one',
    /had been acknowledged/,
    (history) => {
      write(history, 1, 'replaced')
      write(history, 2, 'replaced')
      read(history, 1, 3)
    },
  ],
  [
    'a write in doubt after a later one was acknowledged',
    /had been acknowledged/,
    (history) => {
      write(history, 1, 'unknown')
      write(history, 2, 'replaced')
      read(history, 1, 3)
    },
  ],
  [
    'nothing after a write was acknowledged',
    /missing was read, and 1 had been acknowledged/,
    (history) => {
      write(history, 1, 'replaced')
      readMissing(history)
    },
  ],
  [
    'nothing after something was read',
    /missing was read, and 1 had been read/,
    (history) => {
      write(history, 1, 'unknown')
      read(history, 1)
      readMissing(history)
    },
  ],
  [
    'a created_at that moved',
    /created_at moved/,
    (history) => {
      write(history, 1, 'replaced')
      read(history, 1)
      write(history, 2, 'replaced')
      read(history, 2, 2, '2025-10-07T07:46:27.000Z')
    },
  ],
  [
    'an updated_at that went back',
    /updated_at went back/,
    (history) => {
      write(history, 1, 'replaced')
      read(history, 1, 5)
      write(history, 2, 'replaced')
      read(history, 2, 4)
    },
  ],
  [
    'one updated_at for two writes',
    /have one updated_at/,
    (history) => {
      write(history, 1, 'replaced')
      read(history, 1, 5)
      write(history, 2, 'replaced')
      read(history, 2, 5)
    },
  ],
]

test.for(FALSE_HISTORIES)('no read may see %s', ([_, falsehood, happen]) => {
  const history = newHistory()

  happen(history)

  expect(history.falsehoods().join('\n')).toMatch(falsehood)
})
