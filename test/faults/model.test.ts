import { expect, test } from 'vitest'
import { runModel } from '../support/run-model.ts'
import { startFleet } from '../support/service-fleet.ts'

// MODEL_SECONDS makes longer runs of it.
const FOR_MS = Number(process.env.MODEL_SECONDS ?? 30) * 1000

test('whatever befalls store, services and clients, every answer is one that the model allows', {
  timeout: FOR_MS + 60_000,
}, async () => {
  const fleet = await startFleet()

  const runs = await runModel(fleet, FOR_MS).finally(fleet.close)

  expect(runs).toBeGreaterThan(0)
})
