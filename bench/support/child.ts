import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ROOT = new URL('../../', import.meta.url)
const START_LIMIT_MS = 30_000
const RETRY_MS = 50

/**
 * Starts a script of the project, which ends with this process, however it ends. What it prints is read and thrown away, as
 * a log shipper would read it.
 */
export function startChild(script: string, env: Record<string, string>) {
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, ROOT))], {
    cwd: '/',
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.stdout.resume()
  if (child.pid === undefined) throw new Error(`${script} could not be started`)
  const end = () => child.kill()
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
  return { pid: child.pid, end }
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Waits until a URL answers at all. */
export async function waitFor(url: string): Promise<void> {
  const endsAt = Date.now() + START_LIMIT_MS
  for (;;) {
    try {
      await fetch(url)
      return
    } catch (error) {
      if (Date.now() > endsAt) throw error
      await delay(RETRY_MS)
    }
  }
}
