import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { PROJECT_ROOT } from './child-process.ts'
import type { ServiceProcess } from './service-process.ts'

/** What a process says of itself: bytes, after a collection of its garbage, and the names on the built-ins' prototypes. */
export type Probe = { rss: number; heapUsed: number; external: number; prototypes: Record<string, string[]> }

const PRELOAD = pathToFileURL(join(PROJECT_ROOT, 'test/support/process-probe-preload.ts')).href

/** The environment of a service that can be probed. */
export const PROBED = { NODE_OPTIONS: `--expose-gc --import ${PRELOAD}` }

/** Asks a service that was started with PROBED about itself; `count`: how many times it was asked, this one included. */
export async function probe(service: ServiceProcess, count: number): Promise<Probe> {
  service.kill('SIGUSR2')
  const [line] = await service.printed(new RegExp(`^\\{"level":"probe","probe":${count},.*\\}$`, 'm'))
  return JSON.parse(line) as Probe
}
