import { expect, test } from 'vitest'
import { createPatience } from '../../src/cli/bulk/patience.ts'
import { StaleWriteError, StoreError } from '../../src/errors.ts'

const GIVE_UP_AFTER_MS = 60_000
const PAUSE_MS = 1000
const throttled = new StoreError('STORE_THROTTLED', 'throttled')
const refused = new StoreError('STORE_UNAVAILABLE', 'not there', { advice: 'Check the host.' })
const stale = new StaleWriteError('2026-01-01T00:00:00Z')

/** Patience on a clock that moves by a second with each pause, and as the test says. */
function startPatience(isOver = () => false) {
  const clock = { ms: 0 }
  const setbacks: StoreError[] = []
  const persist = createPatience({
    giveUpAfterMs: GIVE_UP_AFTER_MS,
    onSetback: (error) => setbacks.push(error),
    isOver,
    nowMs: () => clock.ms,
    wait: async () => {
      clock.ms += PAUSE_MS
    },
  })
  return { persist, clock, setbacks }
}

/** A call that fails until a time has come. */
const failingUntil = (clock: { ms: number }, untilMs: number, error: Error) => async () => {
  if (clock.ms < untilMs) throw error
  return 'done'
}

test.each([throttled, new StoreError('DEADLINE_EXCEEDED', 'late')])(
  'a store in trouble is asked again until it answers: %s',
  async (error) => {
    const { persist, clock, setbacks } = startPatience()

    expect(await persist(failingUntil(clock, 50_000, error))).toBe('done')
    expect(setbacks.length).toBe(50)
  },
)

test('a minute of failures without any answer is the end of it', async () => {
  const { persist, clock } = startPatience()

  await expect(persist(failingUntil(clock, Number.POSITIVE_INFINITY, throttled))).rejects.toBe(throttled)
  expect(clock.ms).toBe(GIVE_UP_AFTER_MS + PAUSE_MS)
})

test('the minute begins with the first failure, however long nothing was asked before', async () => {
  const { persist, clock } = startPatience()
  await persist(async () => 'done')
  clock.ms += 10 * GIVE_UP_AFTER_MS

  expect(await persist(failingUntil(clock, clock.ms + 50_000, throttled))).toBe('done')
})

test.each([
  ['a success', async () => 'done'],
  ['a refusal for what is stored', () => Promise.reject(stale)],
])('%s of another call shows that the store answers, and begins the minute anew', async (_, other) => {
  const { persist, clock } = startPatience()
  let lastOtherMs = 0
  const failing = persist(async () => {
    if (clock.ms > 3 * GIVE_UP_AFTER_MS) return 'done'
    if (clock.ms - lastOtherMs > GIVE_UP_AFTER_MS / 2) {
      lastOtherMs = clock.ms
      await persist(other).catch(() => {})
    }
    throw throttled
  })

  expect(await failing).toBe('done')
})

test('what an operator has to mend is not waited out before the first answer, and is after it', async () => {
  const { persist, clock, setbacks } = startPatience()

  await expect(persist(failingUntil(clock, 1, refused))).rejects.toBe(refused)
  expect(setbacks).toEqual([])

  await persist(async () => 'done')
  expect(await persist(failingUntil(clock, 5000, refused))).toBe('done')
  expect(setbacks.length).toBe(5)
})

test('what is no trouble of the store is not tried again', async () => {
  const { persist } = startPatience()
  const bug = new TypeError('a bug')

  for (const error of [stale, bug, new StoreError('ITEM_TOO_LARGE', 'large')]) {
    await expect(persist(() => Promise.reject(error))).rejects.toBe(error)
  }
})

test('who wants to end is not kept waiting', async () => {
  const { persist, clock } = startPatience(() => true)

  await expect(persist(failingUntil(clock, 5000, throttled))).rejects.toBe(throttled)
  expect(clock.ms).toBe(0)
})
