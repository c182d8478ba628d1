import { expect, test } from 'vitest'
import { runCrowds } from '../support/crowd-model.ts'
import { startFleet } from '../support/service-fleet.ts'

// MODEL_SECONDS makes longer runs of it.
const FOR_MS = Number(process.env.MODEL_SECONDS ?? 10) * 1000

test('however the reads of a crowd share calls, and whatever befalls these, each answer was current while it was waited for', {
  timeout: FOR_MS + 60_000,
}, async () => {
  const fleet = await startFleet()

  const { runs, sharedCalls } = await runCrowds(fleet, FOR_MS).finally(fleet.close)

  expect(runs).toBeGreaterThan(0)
  expect(sharedCalls).toBeGreaterThan(0)
})
