import { expect, test } from 'vitest'
import { createTurns } from '../../src/dynamodb/calls/turns.ts'

/** Turns of which two go on at once, and who has begun. */
function startTurns() {
  const turns = createTurns(2)
  const begun: string[] = []
  const begin = (name: string, takes = true) => {
    const own = () => {
      begun.push(name)
      return takes
    }
    turns.take(own)
    return own
  }
  return { turns, begun, begin }
}

test('as many go on at once as may, and the others in the order of their coming', () => {
  const { turns, begun, begin } = startTurns()

  for (const name of ['a', 'b', 'c', 'd']) begin(name)
  const atOnce = [...begun]
  turns.pass()
  turns.pass()

  expect(atOnce).toEqual(['a', 'b'])
  expect(begun).toEqual(['a', 'b', 'c', 'd'])
})

test('a turn that its first in line does without goes to the next', () => {
  const { turns, begun, begin } = startTurns()
  begin('a')
  begin('b')
  begin('declines', false)
  begin('c')
  begin('d')

  turns.pass()

  expect(begun).toEqual(['a', 'b', 'declines', 'c'])
})

test('who has left the line never begins, and holds nobody up', () => {
  const { turns, begun, begin } = startTurns()
  begin('a')
  begin('b')
  const gone = begin('gone')
  begin('c')

  turns.leave(gone)
  turns.pass()

  expect(begun).toEqual(['a', 'b', 'c'])
})

test('turns that nobody waits for are there for those who come later', () => {
  const { turns, begun, begin } = startTurns()
  begin('a')
  begin('b')
  turns.pass()
  turns.pass()

  for (const name of ['c', 'd', 'e']) begin(name)

  expect(begun).toEqual(['a', 'b', 'c', 'd'])
})
