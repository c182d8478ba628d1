import type { Client } from './client.ts'
import { type Entities, KINDS, pickKind } from './kinds.ts'
import type { Random } from './random.ts'
import { note, startTally, type Tally } from './tally.ts'

export type Load = {
  /** By the kind's name, in the order of the kinds. */
  tallies: ReadonlyMap<string, Tally>
  /** The first thing that was not as it should be. */
  firstFault: () => string | undefined
  /** Ends when the time is up, or nobody wants more. */
  ended: Promise<void>
}

export type LoadOptions = {
  client: Client
  random: Random
  entities: Entities
  /** Requests under way at once. */
  workers: number
  durationMs: number
  isOver: () => boolean
}

/** Starts a mixed load: so many workers, each of which asks again as soon as it has its answer. */
export function runLoad({ client, random, entities, workers, durationMs, isOver }: LoadOptions): Load {
  const tallies = new Map(KINDS.map(({ name }) => [name, startTally()]))
  const endsAtMs = performance.now() + durationMs
  let fault: string | undefined

  async function ask(): Promise<void> {
    const { name, expected, make } = pickKind(random)
    const { method, path, body } = make(random, entities)
    const startMs = performance.now()
    const status = await client.send(method, path, body).then(
      (reply) => reply.status,
      (error: Error) => error.message,
    )
    const isExpected = status === expected
    const tally = tallies.get(name)
    if (tally) note(tally, performance.now() - startMs, isExpected)
    if (!isExpected) fault ??= `${method} ${path}: ${status}`
  }

  async function work(): Promise<void> {
    while (performance.now() < endsAtMs && !isOver()) await ask()
  }
  const ended = Promise.all(Array.from({ length: workers }, work)).then(() => {})
  return { tallies, firstFault: () => fault, ended }
}
