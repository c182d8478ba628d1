import { cpuTimeUs } from './cpu-time.ts'
import type { LoadJob, startLoadGenerator } from './load-generator.ts'

/** One contestant under one load. */
export type Measurement = {
  requests: number
  /** CPU time of the contestant's process for each request. */
  cpuUs: number
  perSecond: number
  p50Ms: number
  p99Ms: number
  maxMs: number
  /** Replies that were not as they should be. */
  errors: number
  /** How the first of them began. */
  firstError: string
  /** Due when no connection was free. */
  unsent: number
  /** What each process took of a core meanwhile: where they take all there are, the machine is the limit. */
  cores: number
  generatorCores: number
  storeCores: number
}

const US_PER_MS = 1000
const MS_PER_SECOND = 1000

type Processes = { pid: number; storePid: number }

/** Runs a job against a process, whose pid is 0 where it is not of this machine: its CPU time is not known then. */
export async function measure(
  generator: ReturnType<typeof startLoadGenerator>,
  { pid, storePid }: Processes,
  job: LoadJob,
): Promise<Measurement> {
  const pids = [pid, generator.pid, storePid]
  const before = pids.map(usedUs)
  const result = await generator.run(job)
  const [ownUs = 0, generatorUs = 0, storeUs = 0] = pids.map((each, index) => usedUs(each) - (before[index] ?? 0))
  const { p50Ms, p99Ms, maxMs, unsent, tookMs, wrong, firstWrong } = result
  const requests = Object.values(result.statuses).reduce((sum, count) => sum + count, 0)
  const [cores = 0, generatorCores = 0, storeCores = 0] = [ownUs, generatorUs, storeUs].map((us) => us / US_PER_MS / tookMs)
  return {
    requests,
    cpuUs: ownUs / requests,
    perSecond: (requests * MS_PER_SECOND) / tookMs,
    p50Ms,
    p99Ms,
    maxMs,
    errors: wrong,
    firstError: firstWrong,
    unsent,
    cores,
    generatorCores,
    storeCores,
  }
}

function usedUs(pid: number): number {
  return pid === 0 ? Number.NaN : cpuTimeUs(pid)
}
