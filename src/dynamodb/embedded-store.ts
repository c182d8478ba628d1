import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
// Dynalite and LevelDB's codec parse JSON too; both are loaded after this.
import '../json/sound-parse.ts'
import { StoreOpenError } from './store-open-error.ts'

/** Keeps the data in memory and forgets it with the process. */
export const IN_MEMORY = 'memory'

export type EmbeddedStore = {
  /** Where the store answers DynamoDB's protocol, on loopback. */
  endpoint: string
  close: () => Promise<void>
}

/**
 * Starts dynalite (DynamoDB's protocol over LevelDB) inside this process, on a loopback port that the system picks.
 * An answered write survives the process, kill -9 included. Loaded only when called.
 * @param dataDir a folder, created if missing, or IN_MEMORY.
 * @throws StoreOpenError when the folder is in use by another process or cannot be opened.
 */
export async function openEmbeddedStore(dataDir: string): Promise<EmbeddedStore> {
  const release = dataDir === IN_MEMORY ? async () => {} : await claimFolder(dataDir)
  const { default: dynalite } = await import('dynalite')
  const server = dynalite({ createTableMs: 0, ...(dataDir === IN_MEMORY ? {} : { path: dataDir }) })
  const requests = watchRequests(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async close() {
      await requests.finished()
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      server.close((error) => (error ? reject(error) : resolve()))
      server.closeAllConnections()
      await promise
      await release()
    },
  }
}

/**
 * Makes sure that the folder is ours until it is released: dynalite would meet a locked folder only at its first request,
 * and die of it. A lock of our own keeps other services out, and ends with the process, however that ends; opening the
 * data once finds any other program at work on it.
 */
async function claimFolder(dataDir: string): Promise<() => Promise<void>> {
  try {
    await mkdir(dataDir, { recursive: true })
    const owner = await openLevel(join(dataDir, 'owner'))
    try {
      const data = await openLevel(dataDir)
      await data.close()
    } catch (error) {
      await owner.close()
      throw error
    }
    return () => owner.close()
  } catch (error) {
    throw new StoreOpenError(describeFault(dataDir, error), { cause: error })
  }
}

async function openLevel(folder: string) {
  const { Level } = await import('level')
  const level = new Level(folder)
  await level.open()
  return level
}

function describeFault(dataDir: string, error: unknown): string {
  const fault = error instanceof Error ? (error.cause ?? error) : error
  if (fault instanceof Error && 'code' in fault && fault.code === 'LEVEL_LOCKED') {
    return (
      `Another process is using the embedded store in ${dataDir}. ` +
      'Stop it, or name the address that its log gives as DYNAMODB_ENDPOINT, or set EMBEDDED_DATA_DIR to another folder (or to "memory").'
    )
  }
  const reason = fault instanceof Error ? fault.message : String(fault)
  return `The embedded store in ${dataDir} cannot be opened: ${reason}. Check the folder, or set EMBEDDED_DATA_DIR to another one.`
}

/**
 * Counts requests from arrival to dynalite's answer, aborted ones included: closed under a write at work, dynalite throws.
 * Dynalite also throws when a client hangs up in the middle of a request; here that is an everyday deadline.
 */
function watchRequests(server: Server) {
  let atWork = 0
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    atWork += 1
    let settled = false
    function settle(): void {
      if (!settled) atWork -= 1
      settled = true
    }
    request.removeAllListeners('error')
    request.on('error', () => {
      if (!request.complete) settle() // cut off before its end, it never reaches dynalite
    })
    const end = response.end.bind(response) as typeof response.end
    response.end = ((...args: Parameters<typeof end>) => {
      settle()
      return end(...args)
    }) as typeof response.end
  })
  return {
    async finished(): Promise<void> {
      while (atWork > 0) await delay(5)
    },
  }
}
