import fc from 'fast-check'
import { expect, test } from 'vitest'
import { beginStoreCall, endStoreCall, startWork, storeMsUntil } from '../../src/request-scope.ts'

test('a request that called nobody has waited for nobody', () => {
  const work = startWork(0)

  expect(storeMsUntil(work, 1000)).toBe(0)
  expect(work.storeCalls).toBe(0)
})

test('calls one after the other add up, without the time between them', () => {
  const work = startWork(0)

  beginStoreCall(work, 10)
  endStoreCall(work, 15)
  beginStoreCall(work, 100)
  endStoreCall(work, 102)

  expect(work.storeCalls).toBe(2)
  expect(storeMsUntil(work, 500)).toBe(7)
})

test('calls side by side count once', () => {
  const work = startWork(0)

  beginStoreCall(work, 10)
  beginStoreCall(work, 11)
  endStoreCall(work, 20)
  endStoreCall(work, 30)

  expect(work.storeCalls).toBe(2)
  expect(storeMsUntil(work, 500)).toBe(20)
})

test('a call that has not ended counts until now', () => {
  const work = startWork(0)

  beginStoreCall(work, 10)
  endStoreCall(work, 15)
  beginStoreCall(work, 20)

  expect(storeMsUntil(work, 23)).toBe(8)
  expect(storeMsUntil(work, 24)).toBe(9)
})

test('each request has an account of its own', () => {
  const one = startWork(0)
  const other = startWork(0)

  beginStoreCall(one, 0)
  endStoreCall(one, 5)

  expect(storeMsUntil(other, 10)).toBe(0)
  expect(other.storeCalls).toBe(0)
})

const call = fc.tuple(fc.nat(1000), fc.nat(1000)).map(([begin, lasts]) => ({ begin, end: begin + lasts }))

test('however calls lie, the time is that in which at least one was under way', () => {
  fc.assert(
    fc.property(fc.array(call, { maxLength: 20 }), (calls) => {
      const work = startWork(0)
      const begins = calls.map(({ begin }) => ({ at: begin, note: beginStoreCall }))
      const ends = calls.map(({ end }) => ({ at: end, note: endStoreCall }))
      for (const { at, note } of [...begins, ...ends].toSorted((a, b) => a.at - b.at)) note(work, at)

      const isBusy = (ms: number) => calls.some(({ begin, end }) => begin <= ms && ms < end)
      const busyMs = Array.from({ length: 2001 }, (_, ms) => ms).filter(isBusy).length
      expect(storeMsUntil(work, 3000)).toBe(busyMs)
      expect(work.storeCalls).toBe(calls.length)
    }),
  )
})
