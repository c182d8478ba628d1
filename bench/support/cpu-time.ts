import { readdirSync, readFileSync } from 'node:fs'

const NS_PER_US = 1000

/** Microseconds of CPU that a process has used so far, all of its threads together. Linux only (proc(5), schedstat). */
export function cpuTimeUs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const ns = threads.map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]))
  return ns.reduce((sum, own) => sum + own, 0) / NS_PER_US
}
