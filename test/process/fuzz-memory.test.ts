import { expect, test } from 'vitest'
import { flood } from '../support/flood.ts'
import { FUZZ_TIMEOUT_MS, fuzzScale } from '../support/fuzz-settings.ts'
import { startFuzzTarget } from '../support/fuzz-target.ts'

const MB = 1024 * 1024
// What is in use, garbage collected, comes back to within 1 MB; a flood that stayed would be 40 MB or more. What the process
// has of the system comes and goes by some 100 MB with what the allocators keep at hand, and must not grow with each round.
const LIVE_MARGIN_MB = 16
const RESIDENT_MARGIN_MB = 160

const ROUNDS = 1 + Math.ceil(fuzzScale)

test(
  'after floods of everything that takes memory, as much is in use as after the first',
  async () => {
    const target = await startFuzzTarget()
    const faults: string[] = []
    const used: { live: number; resident: number }[] = []

    for (let round = 1; round <= ROUNDS; round += 1) {
      faults.push(...(await flood(target, round)))
      await target.isAlive()
      const { heapUsed, external, rss } = await target.probe()
      used.push({ live: (heapUsed + external) / MB, resident: rss / MB })
    }

    const [first, ...later] = used
    expect(faults).toEqual([])
    for (const { live, resident } of later) {
      expect(live, JSON.stringify(used)).toBeLessThan((first?.live ?? 0) + LIVE_MARGIN_MB)
      expect(resident, JSON.stringify(used)).toBeLessThan((first?.resident ?? 0) + RESIDENT_MARGIN_MB)
    }
    await target.expectUnharmed()
  },
  FUZZ_TIMEOUT_MS,
)
