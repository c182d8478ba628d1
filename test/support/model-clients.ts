import { inspect } from 'node:util'
import type { TableType } from '../../src/features/feature-record.ts'
import { createHastyClient, type HastyClient } from './hasty-client.ts'
import { deleteEntity, deleteItem } from './item-changes.ts'
import { deletedIn, fateOf, fateOfDelete, isAnswer, mappingOf, type Reply, sightInMapping, sightOf } from './model-replies.ts'
import type { ServiceFleet } from './service-fleet.ts'
import type { Category, StoreModel } from './store-model.ts'
import type { TestService, TestServiceOptions } from './test-service.ts'

type Read = { kind: 'read'; category: Category } | { kind: 'read by name'; categories: Category[] }
type Write = { kind: 'write'; categories: Category[] } | { kind: 'write and hang up'; categories: Category[]; patienceMs: number }

type Delete = { kind: 'delete'; category: Category | 'all' }

/** What one client does; `service` is one of the services, `entity` one of the entities. */
export type Operation = { service: number; entity: number } & (Read | Write | Delete)

type RunningService = { service: TestService; postHastily: HastyClient; working: Set<Promise<void>> }

export type ModelClients = Awaited<ReturnType<typeof createModelClients>>

// Short, so that faults are soon over. One service gives up on attempts and tries again, the other waits until its deadline.
const TIMES: TestServiceOptions[] = [
  { attemptTimeoutMs: 60, app: { requestTimeoutMs: 200 } },
  { attemptTimeoutMs: 1000, app: { requestTimeoutMs: 100 } },
]
const TABLES: TableType[] = ['bright_uid', 'account_id']

export type ModelClientsOptions = {
  fleet: ServiceFleet
  model: StoreModel
  /** Is in all identifiers. */
  run: string
  /** The services' clock. */
  now: () => Date
}

/** Clients of two services on one store, who tell the model what they do and what they are told. */
export async function createModelClients({ fleet, model, run, now }: ModelClientsOptions) {
  const services = await Promise.all(TIMES.map((times) => startService(fleet, { now, ...times })))
  const endings: Promise<void>[] = []

  function targetOf(entity: number) {
    return { identifier: `${run}-${entity}`, tableType: TABLES[entity % TABLES.length] ?? 'bright_uid' }
  }

  async function read(service: TestService, entity: number, operation: Read): Promise<void> {
    const { identifier, tableType } = targetOf(entity)
    if (operation.kind === 'read') {
      const reading = model.beginRead(entity, [operation.category])
      const reply = await service.read(identifier, operation.category, tableType)
      if (isAnswer(reply, model)) reading.end(() => sightOf(reply, model))
      return
    }
    const reading = model.beginRead(entity, operation.categories)
    const mapping = mappingOf(operation.categories)
    const reply = await service.filter(identifier, mapping, tableType)
    if (isAnswer(reply, model)) reading.end((category) => sightInMapping(reply, mapping, category, model))
  }

  async function write({ service, postHastily }: RunningService, entity: number, operation: Write): Promise<void> {
    const { identifier, tableType } = targetOf(entity)
    const writing = model.beginWrite(entity, operation.categories)
    let reply: Reply | undefined
    if (operation.kind === 'write') reply = await service.write(identifier, writing.body, tableType)
    else {
      const path = `/api/v1/items/${identifier}?table_type=${tableType}`
      reply = await postHastily(path, writing.body, operation.patienceMs)
    }
    writing.end((category) => fateOf(reply, category, model))
  }

  async function remove(service: TestService, entity: number, { category }: Delete): Promise<void> {
    const { identifier, tableType } = targetOf(entity)
    const deleting = model.beginDelete(entity, category)
    const reply =
      category === 'all'
        ? await deleteEntity(service, identifier, { tableType })
        : await deleteItem(service, identifier, category, { tableType })
    deleting.end((category) => fateOfDelete(reply, category, model), deletedIn(reply))
  }

  function begin(by: RunningService, operation: Operation): Promise<void> {
    const { kind, entity } = operation
    if (kind === 'read' || kind === 'read by name') return read(by.service, entity, operation)
    return kind === 'delete' ? remove(by.service, entity, operation) : write(by, entity, operation)
  }

  return {
    /** Does one thing, by one of the services, and waits until its client was answered or has hung up. */
    async perform(operation: Operation): Promise<void> {
      const by = services[operation.service] as RunningService
      // A reply that is none, or breaks its own description.
      const working = begin(by, operation).catch((error: unknown) => model.complain(inspect(error)))
      by.working.add(working)
      await working
      by.working.delete(working)
    },
    /** Starts a new service in the place of an old one, which ends when it has answered all that it was asked. */
    async restart(place: number): Promise<void> {
      const old = services[place] as RunningService
      services[place] = await startService(fleet, { now, ...TIMES[place] })
      endings.push(Promise.allSettled(old.working).then(() => fleet.stop(old.service)))
    },
    /** Reads everything by a service that nothing befalls, in both ways. */
    async readEverything(entities: number, categories: readonly Category[]): Promise<void> {
      for (let entity = 0; entity < entities; entity += 1) {
        await read(fleet.observer, entity, { kind: 'read by name', categories: [...categories] })
        for (const category of categories) await read(fleet.observer, entity, { kind: 'read', category })
      }
    },
    async close(): Promise<void> {
      await Promise.all(endings)
      await Promise.all(services.map(({ service }) => fleet.stop(service)))
    },
  }
}

async function startService(fleet: ServiceFleet, options: TestServiceOptions): Promise<RunningService> {
  const service = await fleet.start(options)
  return { service, postHastily: await createHastyClient(service.app), working: new Set() }
}
