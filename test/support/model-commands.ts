import fc from 'fast-check'
import type { ModelClients, Operation } from './model-clients.ts'
import { FAULT_KINDS, type FaultRates, randomFaults } from './random-faults.ts'
import { passEverything, type ScriptedDynamoDB } from './scripted-dynamodb.ts'
import { CATEGORIES, type StoreModel } from './store-model.ts'

export const ENTITIES = 2

/** What commands act on: the clients, the store's stand-in, and what is under way in the background. */
export type ModelSystem = { clients: ModelClients; dynamodb: ScriptedDynamoDB; underWay: Promise<void>[] }

type Command = fc.AsyncCommand<StoreModel, ModelSystem>

const MIXED = Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0.05]))

const WEATHERS: FaultRates[] = [
  MIXED,
  { hold: 0.6, reset: 0.1 },
  { hold: 0.3, delay: 0.3, applyThenHang: 0.1 },
  { applyThenReset: 0.3, applyThenHang: 0.2, applyThenError: 0.2, applyThenNoAnswer: 0.2 },
  { applyThenError: 0.8 },
  { applyThenReset: 0.4, throttle: 0.5 },
  { throttle: 0.7, partialBatch: 0.2 },
  { partialBatch: 0.7, delay: 0.1 },
  { error: 0.3, reset: 0.3, hang: 0.2 },
  { noAnswer: 0.4, halfReply: 0.3, applyThenNoAnswer: 0.2 },
]

const PLAIN = { noNullPrototype: true } as const
// Mostly one entity, so that much happens to it.
const where = { service: fc.nat(1), entity: fc.oneof({ arbitrary: fc.constant(0), weight: 3 }, fc.nat(ENTITIES - 1)) }
const categories = fc.shuffledSubarray([...CATEGORIES], { minLength: 1 })
const category = fc.constantFrom(...CATEGORIES)

const write = fc.record({ ...where, kind: fc.constant('write' as const), categories }, PLAIN)
const writeAndHangUp = fc.record(
  {
    ...where,
    kind: fc.constant('write and hang up' as const),
    categories,
    patienceMs: fc.nat(40),
  },
  PLAIN,
)
const read = fc.record({ ...where, kind: fc.constant('read' as const), category }, PLAIN)
const readByName = fc.record({ ...where, kind: fc.constant('read by name' as const), categories }, PLAIN)
const remove = fc.record(
  { ...where, kind: fc.constant('delete' as const), category: fc.constantFrom(...CATEGORIES, 'all' as const) },
  PLAIN,
)

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { arbitrary: write, weight: 5 },
  { arbitrary: writeAndHangUp, weight: 1 },
  { arbitrary: remove, weight: 3 },
  { arbitrary: read, weight: 2 },
  { arbitrary: readByName, weight: 2 },
)

/** A command after which every answer so far must be true. */
function command(name: string, run: (system: ModelSystem) => unknown): Command {
  return {
    check: () => true,
    async run(model, system) {
      await run(system)
      model.requireTruth()
    },
    toString: () => name,
  }
}

const perform = operation.map((what) => command(`perform(${fc.stringify(what)})`, ({ clients }) => clients.perform(what)))

const sideBySide = fc
  .array(operation, { minLength: 2, maxLength: 6 })
  .map((all) =>
    command(`sideBySide(${fc.stringify(all)})`, ({ clients }) => Promise.all(all.map((what) => clients.perform(what)))),
  )

const begin = operation.map((what) =>
  command(`begin(${fc.stringify(what)})`, ({ clients, underWay }) => underWay.push(clients.perform(what))),
)

const restart = fc.nat(1).map((index) => command(`restart(${index})`, ({ clients }) => clients.restart(index)))

const storm = fc
  .record({ seed: fc.nat(), rates: fc.constantFrom(...WEATHERS) }, PLAIN)
  .map((weather) => command(`storm(${fc.stringify(weather)})`, ({ dynamodb }) => dynamodb.use(randomFaults(weather))))

const calm = fc.constant(command('calm', ({ dynamodb }) => dynamodb.use(passEverything)))

const release = fc.nat(9).map((index) =>
  command(`release(${index})`, async ({ dynamodb }) => {
    const held = dynamodb.held()
    await held[index % held.length]?.release()
  }),
)

const releaseAll = fc.constant(
  command('releaseAll', ({ dynamodb }) => Promise.all(dynamodb.held().map((attempt) => attempt.release()))),
)

const drop = fc.nat(9).map((index) =>
  command(`drop(${index})`, ({ dynamodb }) => {
    const held = dynamodb.held()
    held[index % held.length]?.drop()
  }),
)

/** Random sequences of what several clients do, and of what befalls the store and the services meanwhile. */
export function modelCommands(maxCommands: number) {
  const all: fc.Arbitrary<Command>[] = [perform, perform, perform, perform, sideBySide, sideBySide, begin, begin]
  return fc.commands([...all, storm, storm, calm, calm, release, release, releaseAll, drop, restart], {
    maxCommands,
    size: 'max',
  })
}
