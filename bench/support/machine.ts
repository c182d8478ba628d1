import { cpus } from 'node:os'

/** What figures depend on most. */
export function describeMachine() {
  const processors = cpus()
  return {
    date: new Date().toISOString(),
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    node: process.version,
  }
}
