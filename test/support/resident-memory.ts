import { existsSync, readFileSync } from 'node:fs'

const BYTES_PER_KB = 1024

/** Whether this system tells how much memory a process takes. Linux only (proc(5)). */
export const tellsMemory = existsSync('/proc/self/status')

/** Bytes of memory that a process has resident now. */
export function residentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * BYTES_PER_KB
}
