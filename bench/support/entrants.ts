import type { Round } from './cells.ts'
import { checkReply } from './check-reply.ts'
import type { Contestant, ContestantName } from './contestants.ts'
import { wireRequest } from './load-generator.ts'
import { SINGLE_READ, type Workload } from './workloads.ts'

/** A contestant with a workload's requests. */
export type Entrant = Contestant & { requests: readonly string[]; marks: readonly string[]; replyBytes: number }

export type Entrants = Record<keyof Round, Entrant>

/**
 * Has each contestant answer a workload's first request, and the bare routes a single read's.
 * @throws Error when any answer is not as it should be.
 */
export async function enter(contestants: Record<ContestantName, Contestant>, workload: Workload): Promise<Entrants> {
  const ours = await enterOne('ours', contestants.ours, workload)
  const bare = await enterOne('bare', contestants.bare, workload)
  const plain = await enterOne('plain', contestants.plain, workload)
  const bareSingle = workload === SINGLE_READ ? bare : await enterOne('bare', contestants.bare, SINGLE_READ)
  return { ours, bare, plain, bareSingle }
}

async function enterOne(who: ContestantName, contestant: Contestant, workload: Workload): Promise<Entrant> {
  const requests = workload.exchanges.map(({ method, path, body }) => wireRequest(method, path, body))
  // A bare route answers everybody alike.
  const marks = who === 'bare' ? [] : workload.exchanges.map(({ mark }) => mark)
  try {
    return { ...contestant, requests, marks, replyBytes: await checkReply(contestant.port, workload) }
  } catch (error) {
    throw new Error(`${workload.name}, ${who}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}
