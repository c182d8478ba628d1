import { expect, test } from 'vitest'
import { createIsoTime } from '../../src/log/iso-time.ts'

test.for([
  [0, 1, 999, 1000, 1001],
  [1_759_823_186_943, 1_759_823_186_944, 1_759_823_187_000, 1_759_823_186_999],
  [Date.UTC(2024, 1, 29, 23, 59, 59, 999), Date.UTC(2024, 2, 1), Date.UTC(1999, 11, 31, 23, 59, 59, 7)],
])('of %s each is the time to the millisecond, whatever came before', (times) => {
  const left = [...times]
  const isoTime = createIsoTime(() => left.shift() ?? Number.NaN)

  const members = times.map(() => isoTime())

  expect(members).toEqual(times.map((ms) => `,"time":"${new Date(ms).toISOString()}"`))
})
