import { expect, test } from 'vitest'
import { runModel } from '../support/run-model.ts'
import { startFleet } from '../support/service-fleet.ts'

// A few runs on every store; test/faults has the long ones.
const FOR_MS = 6000

test('under random faults, every answer is one that the model of this store allows', async () => {
  const fleet = await startFleet()

  const runs = await runModel(fleet, FOR_MS).finally(fleet.close)

  expect(runs).toBeGreaterThan(0)
})
