import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arbitraryBytes } from '../support/arbitrary-bytes.ts'
import { FUZZ_TIMEOUT_MS, fuzzRuns } from '../support/fuzz-settings.ts'
import { type FuzzTarget, startFuzzTarget } from '../support/fuzz-target.ts'

const AT_ONCE = 24

/** Several at once, each with the way in which its client ends. */
const batches = fc.array(fc.tuple(arbitraryBytes, fc.constantFrom('wait', 'wait', 'wait', 'end', 'hang up', 'reset')), {
  minLength: 1,
  maxLength: AT_ONCE,
  size: 'max',
})

type Sent = [bytes: string, ending: 'wait' | 'end' | 'hang up' | 'reset']

async function faultsOf(target: FuzzTarget, [bytes, ending]: Sent): Promise<string[]> {
  const faults = ending === 'wait' ? (await target.send(bytes)).faults : await target.sendAndLeave(bytes, ending)
  return faults.map((fault) => `${JSON.stringify(bytes)} (${ending}): ${fault}`)
}

test(
  'whatever bytes are sent, every answer is HTTP and none a failure of ours, and good requests beside them are answered truly',
  async () => {
    let target = await startFuzzTarget()
    const property = fc.asyncProperty(batches, async (batch) => {
      // After a crash, which ends the test, what led to it is made smaller on a new one.
      if (!(await target.isAlive())) target = await startFuzzTarget()

      const faults = await Promise.all(batch.map((sent) => faultsOf(target, sent)))

      expect(faults.flat()).toEqual([])
      expect(await target.isAlive(), target.service.output().slice(-2000)).toBe(true)
    })

    await fc.assert(property, fuzzRuns(70))
    await target.expectUnharmed()
  },
  FUZZ_TIMEOUT_MS,
)
