import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export type ServiceProcess = {
  url: string
  /** Fires when it ends, whoever ended it. */
  gone: Promise<unknown>
  /** What it said last. */
  lastWords: () => string
  /** Ends it as an operator would, and waits for that. */
  stop: () => Promise<void>
}

const SERVER = fileURLToPath(new URL('../../server.ts', import.meta.url))
const END_WITH_PARENT = new URL('end-with-parent.ts', import.meta.url).href
const START_LIMIT_MS = 30_000
const LOOK_AGAIN_MS = 50
const LINES_KEPT = 20

/**
 * Starts the service as `npm start` does, on an embedded store in memory; undefined: somebody wanted to end before it was ready.
 * @throws Error with the service's last words when it does not become ready.
 */
export async function startService(port: number, isOver: () => boolean): Promise<ServiceProcess | undefined> {
  const url = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, ['--import', END_WITH_PARENT, SERVER], {
    env: {
      ...process.env,
      ENVIRONMENT: 'development',
      HOST: '127.0.0.1',
      PORT: String(port),
      DYNAMODB_ENDPOINT: 'embedded',
      EMBEDDED_DATA_DIR: 'memory',
      LOG_LEVEL: 'error',
      RATE_LIMIT_PER_MINUTE: '0',
      STATSD_HOST: 'off',
      DOCS: 'on',
      AUTH: 'off',
      API_KEYS: '',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A Ctrl-C on the terminal is for this process, which ends the service in its turn.
    detached: true,
  })
  const lastWords = keepLastLines(child)
  const gone = once(child, 'exit')

  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await gone
  }

  const endsAtMs = performance.now() + START_LIMIT_MS
  while (!(await isReady(url))) {
    if (isOver()) {
      await stop()
      return undefined
    }
    const hasEnded = child.exitCode !== null || child.signalCode !== null
    if (hasEnded || performance.now() > endsAtMs) {
      await stop()
      throw new Error(`The service did not start. Its last words:\n${lastWords()}`)
    }
    await delay(LOOK_AGAIN_MS)
  }
  return { url, gone, lastWords, stop }
}

/** The port that was asked for, or a free one where it is taken. */
export async function findPort(wanted: number): Promise<number> {
  for (const port of [wanted, 0]) {
    const server = createServer()
    try {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
      const address = server.address()
      if (address !== null && typeof address === 'object') return address.port
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    } finally {
      server.close()
    }
  }
  throw new Error('There is no free port.')
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`)).ok
  } catch {
    return false
  }
}

function keepLastLines({ stdout, stderr }: ChildProcess): () => string {
  let text = ''
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      text = (text + piece).split('\n').slice(-LINES_KEPT).join('\n')
    })
  }
  return () => text.trim()
}
