import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { atTurnsEnd } from '../../src/dynamodb/http/turn-end.ts'

test('what is asked for in one turn is done at its end, in its order, and what is asked for then a turn later', async () => {
  const done: string[] = []
  atTurnsEnd(() => {
    done.push('first')
    atTurnsEnd(() => done.push('later'))
  })
  atTurnsEnd(() => done.push('second'))
  const atOnce = [...done]

  await setImmediate()
  const atTurn = [...done]
  await setImmediate()

  expect(atOnce).toEqual([])
  expect(atTurn).toEqual(['first', 'second'])
  expect(done).toEqual(['first', 'second', 'later'])
})
