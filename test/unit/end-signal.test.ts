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

// As of an AbortSignal, which each of them is held against.
test.for([
  ['an end of ours', createEnd],
  ['an AbortController', () => ofController(new AbortController())],
] as const)('of %s, who listens no more, or only since the end, is not told', ([, create]) => {
  const { signal, end } = create()
  const told: string[] = []
  const tell = (name: string) => () => void told.push(name)
  const [gone, taken, late] = [tell('gone'), tell('taken'), tell('late')]
  const taking = () => {
    told.push('taking')
    for (const listener of [taking, taken]) signal.removeEventListener('abort', listener)
  }
  for (const listener of [gone, taking, taken, tell('last')]) signal.addEventListener('abort', listener)
  signal.removeEventListener('abort', gone)

  end(REASON)
  signal.addEventListener('abort', late)
  end(REASON)

  expect(told).toEqual(['taking', 'last'])
})

function ofController(controller: AbortController): ReturnType<typeof createEnd> {
  return { signal: controller.signal as ReturnType<typeof createEnd>['signal'], end: (reason) => controller.abort(reason) }
}

test('ends a wait of timers/promises, before and while it waits', async () => {
  const [over, running] = [createEnd(), createEnd()]
  over.end(REASON)
  const waits = [over, running].map(({ signal }) => delay(60_000, undefined, { signal: signal as unknown as AbortSignal }))
  running.end(REASON)

  for (const wait of waits) await expect(wait).rejects.toMatchObject({ name: 'AbortError', cause: REASON })
})
