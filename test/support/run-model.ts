import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { createModelClients } from './model-clients.ts'
import { ENTITIES, type ModelSystem, modelCommands } from './model-commands.ts'
import { passEverything } from './scripted-dynamodb.ts'
import type { ServiceFleet } from './service-fleet.ts'
import { CATEGORIES, createStoreModel, type StoreModel } from './store-model.ts'

const MAX_COMMANDS = 50

// Milliseconds in which a clock does not go on: writes one after the other then find the same time.
const clockStep = fc.constantFrom(1, 100, 3_600_000)

/**
 * Holds the service against its model in random runs, as many as there is time for; fast-check tells the seed and the path
 * of one that fails.
 * @param forMs milliseconds; the run that is under way then is finished.
 */
export async function runModel(fleet: ServiceFleet, forMs: number): Promise<number> {
  let runs = 0
  let lastRun: Promise<void> = Promise.resolve()

  const property = fc.asyncProperty(modelCommands(MAX_COMMANDS), clockStep, (commands, stepMs) => {
    const now = () => new Date(Math.floor(Date.now() / stepMs) * stepMs)
    lastRun = runOnce(fleet, now, commands)
    runs += 1
    return lastRun
  })
  await fc.assert(property, { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: forMs })
  await lastRun
  return runs
}

async function runOnce(
  fleet: ServiceFleet,
  now: () => Date,
  commands: Iterable<fc.AsyncCommand<StoreModel, ModelSystem>>,
): Promise<void> {
  const { dynamodb } = fleet
  dynamodb.use(passEverything)
  const model = createStoreModel()
  const clients = await createModelClients({ fleet, model, run: randomUUID(), now })
  const system: ModelSystem = { clients, dynamodb, underWay: [] }
  try {
    await fc.asyncModelRun(() => ({ model, real: system }), commands)
  } finally {
    await settle(system)
    await clients.readEverything(ENTITIES, CATEGORIES)
    await clients.close()
  }
  model.requireTruth()
}

/** The weather turns fine, all that is on its way arrives, and everybody is answered. */
async function settle({ dynamodb, underWay }: ModelSystem): Promise<void> {
  dynamodb.use(passEverything)
  await Promise.allSettled(underWay)
  for (const attempt of dynamodb.held()) await attempt.release()
  await dynamodb.quiet()
}
