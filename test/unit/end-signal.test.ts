import { setTimeout as delay } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { createEnd } from '../../src/request-scope.ts'

const REASON = new Error('over')

test('all who listen are told once, and the first reason stays', () => {
  const { signal, end } = createEnd()
  const [first, second] = [vi.fn(), vi.fn()]
  signal.addEventListener('abort', first)
  signal.addEventListener('abort', second)
  expect(signal.aborted).toBe(false)
  signal.throwIfAborted()

  end(REASON)
  end(new Error('later'))

  expect([first, second].map(({ mock }) => mock.calls.length)).toEqual([1, 1])
  expect(signal.aborted).toBe(true)
  expect(signal.reason).toBe(REASON)
  expect(() => signal.throwIfAborted()).toThrow(REASON)
})

test('who listens no more is not told, though another leaves while all are told', () => {
  const { signal, end } = createEnd()
  const told: string[] = []
  const gone = () => told.push('gone')
  const leaving = () => {
    told.push('leaving')
    signal.removeEventListener('abort', leaving)
  }
  for (const listener of [gone, leaving, () => told.push('last')]) signal.addEventListener('abort', listener)
  signal.removeEventListener('abort', gone)

  end(REASON)

  expect(told).toEqual(['leaving', 'last'])
})

test('ends a wait of timers/promises, before and while it waits', async () => {
  const [over, running] = [createEnd(), createEnd()]
  over.end(REASON)
  const waits = [over, running].map(({ signal }) => delay(60_000, undefined, { signal: signal as unknown as AbortSignal }))
  running.end(REASON)

  for (const wait of waits) await expect(wait).rejects.toMatchObject({ name: 'AbortError', cause: REASON })
})
