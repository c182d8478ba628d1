import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import fc from 'fast-check'
import type { TableType } from '../../src/features/feature-record.ts'
import { type Crowd, crowds, type Operation, type Weather } from './arbitrary-crowds.ts'
import { readOne, readUntilHangUp } from './crowded-reads.ts'
import { deleteItem } from './item-changes.ts'
import { fateOf, fateOfDelete, isAnswer, mappingOf, sightInMapping, sightOf } from './model-replies.ts'
import { randomFaults } from './random-faults.ts'
import { passEverything, type Script } from './scripted-dynamodb.ts'
import type { ServiceFleet } from './service-fleet.ts'
import { CATEGORIES, createStoreModel, type StoreModel } from './store-model.ts'
import type { TestService } from './test-service.ts'

const TABLES: TableType[] = ['bright_uid', 'account_id']

/**
 * Holds what crowds of clients read and write, of few categories, against their model in random runs, as many as there is time
 * for.
 * @param forMs milliseconds; the run that is under way then is finished.
 * @returns how many runs there were, and how many calls of theirs read several categories.
 */
export async function runCrowds(fleet: ServiceFleet, forMs: number): Promise<{ runs: number; sharedCalls: number }> {
  const service = await fleet.start({ attemptTimeoutMs: 150, app: { requestTimeoutMs: 500 } })
  const counts = { runs: 0, sharedCalls: 0 }
  let lastRun: Promise<void> = Promise.resolve()

  function counting(script: Script): Script {
    return (call) => {
      if (call.operation === 'BatchGetItem') counts.sharedCalls += 1
      return script(call)
    }
  }

  const property = fc.asyncProperty(crowds, (one) => {
    counts.runs += 1
    lastRun = runOnce(fleet, service, one, counting)
    return lastRun
  })
  await fc.assert(property, { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: forMs })
  await lastRun
  return counts
}

async function runOnce(
  { dynamodb, observer }: ServiceFleet,
  service: TestService,
  { clients, weather }: Crowd,
  counting: (script: Script) => Script,
): Promise<void> {
  const model = createStoreModel()
  const run = randomUUID()
  dynamodb.use(counting(inWeather(weather)))
  await Promise.all(
    clients.map(async (operations) => {
      for (const operation of operations) await perform(service, model, run, operation)
    }),
  )
  dynamodb.use(passEverything)
  for (const attempt of dynamodb.held()) await attempt.release()
  await dynamodb.quiet()
  for (const entity of [0, 1]) {
    for (const category of CATEGORIES) await perform(observer, model, run, { entity, category, kind: 'read', consistent: true })
  }
  model.requireTruth()
}

function inWeather({ lateMs: latenesses, ...faults }: Weather): Script {
  const script = randomFaults(faults)
  return async (call) => {
    const reply = await script(call)
    if (reply !== 'pass' || call.operation === 'UpdateItem') return reply
    return { passThenMs: latenesses[call.number % latenesses.length] ?? 0 }
  }
}

/** Does one thing, and tells the model of it. */
async function perform(service: TestService, model: StoreModel, run: string, operation: Operation): Promise<void> {
  const target = { identifier: `${run}-${operation.entity}`, tableType: TABLES[operation.entity] ?? 'bright_uid' }
  // A reply that is none, or breaks its own description.
  await performAt(service, model, target, operation).catch((error: unknown) => model.complain(inspect(error)))
}

async function performAt(
  service: TestService,
  model: StoreModel,
  { identifier, tableType }: { identifier: string; tableType: TableType },
  operation: Operation,
): Promise<void> {
  const { kind, entity, category } = operation
  if (kind === 'read') {
    const reading = model.beginRead(entity, [category])
    const reply = await readOne(service, identifier, category, { ...operation, tableType })
    if (isAnswer(reply, model)) reading.end(() => sightOf(reply, model))
    return
  }
  if (kind === 'read several') {
    const reading = model.beginRead(entity, operation.categories)
    const mapping = mappingOf(operation.categories)
    const query = `table_type=${tableType}&consistent=${operation.consistent}`
    const reply = await service.request('POST', `/api/v1/get/item/${identifier}?${query}`, mapping)
    if (isAnswer(reply, model)) reading.end((read) => sightInMapping(reply, mapping, read, model))
    return
  }
  if (kind === 'read and hang up') {
    const hangUp = readUntilHangUp(service, identifier, category, { ...operation, tableType })
    await passTurns(operation.turns)
    return hangUp()
  }
  if (kind === 'write') {
    const writing = model.beginWrite(entity, [category])
    const reply = await service.write(identifier, writing.body, tableType)
    writing.end((written) => fateOf(reply, written, model))
    return
  }
  const deleting = model.beginDelete(entity, category)
  const reply = await deleteItem(service, identifier, category, { tableType })
  deleting.end((deleted) => fateOfDelete(reply, deleted, model))
}

async function passTurns(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
