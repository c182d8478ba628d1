import { setImmediate as nextTurn } from 'node:timers/promises'

// Loaded into a service before it starts; for --expose-gc see process-probe.ts.

const BUILT_INS = { Object, Array, String, Number, Boolean, Function, Buffer, Map, Promise, Error }

let probes = 0

function prototypesNow() {
  return Object.fromEntries(
    Object.entries(BUILT_INS).map(([name, { prototype }]) => [name, Reflect.ownKeys(prototype).map(String)]),
  )
}

/** Collects garbage until what only waits for a turn of the event loop, or for a finalizer, is gone too. */
async function collectGarbage(): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc?.()
    await nextTurn()
  }
}

process.on('SIGUSR2', async () => {
  await collectGarbage()
  probes += 1
  const { rss, heapUsed, external } = process.memoryUsage()
  console.log(JSON.stringify({ level: 'probe', probe: probes, rss, heapUsed, external, prototypes: prototypesNow() }))
})
