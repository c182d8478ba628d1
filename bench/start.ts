import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { alternate } from './support/alternate.ts'
import { freePort, startChild, waitFor } from './support/child.ts'
import { serviceSettings } from './support/contestants.ts'
import { createProgress } from './support/progress.ts'
import { median, quartiles } from './support/statistics.ts'

/**
 * How long the service takes from `npm start` to its first ready answer, on AWS settings with a DynamoDB stand-in for an
 * endpoint; the first time, when nothing of it is compiled yet, and again; beside a bare Fastify route without npm. In
 * `--rounds` alternated rounds.
 */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } })
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const LOOK_AGAIN_MS = 5
const START_LIMIT_MS = 30_000
const NPM_START = ['npm', 'start', '--silent']

type Starter = { command: readonly string[]; env: Record<string, string>; path: string }

const dynamodbPort = await freePort()
startChild('bench/support/lean-dynamodb-stand-in.ts', { PORT: String(dynamodbPort) })
const endpoint = `http://127.0.0.1:${dynamodbPort}`
await waitFor(endpoint)
const settings = serviceSettings({ endpoint, statsdPort: await freePort() })
const credentials = { AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' }
const again = { command: NPM_START, env: { ...settings, ...credentials }, path: '/health/ready' }
const starters: Record<string, Starter> = {
  'npm start, the first time': { ...again, env: { ...again.env, NODE_DISABLE_COMPILE_CACHE: '1' } },
  'npm start, again': again,
  'bare route, without npm': { command: ['node', 'bench/support/bare-routes.ts'], env: {}, path: '/health/live' },
}

/** Milliseconds from the command to the first answer with status 200. */
async function start({ command: [program = '', ...args], env, path }: Starter): Promise<number> {
  const port = await freePort()
  const startedMs = performance.now()
  const { PATH, HOME } = process.env
  // A process group of its own, as npm's child is to end with it.
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { PATH, HOME, ...env, PORT: String(port) },
    stdio: 'ignore',
    detached: true,
  })
  const gone = once(child, 'exit')
  try {
    while (!(await isReady(`http://127.0.0.1:${port}${path}`))) {
      if (child.exitCode !== null) throw new Error(`${program} ${args.join(' ')} ended with code ${child.exitCode}`)
      if (performance.now() - startedMs > START_LIMIT_MS) throw new Error(`${program} ${args.join(' ')} did not become ready`)
      await delay(LOOK_AGAIN_MS)
    }
    return performance.now() - startedMs
  } finally {
    if (child.exitCode === null) process.kill(-(child.pid ?? 0), 'SIGTERM')
    await gone
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).status === 200
  } catch {
    return false // not yet listening
  }
}

const rounds = Number(values.rounds)
const progress = createProgress((rounds + 1) * Object.keys(starters).length)
const play = (starter: Starter, name: string, round: number) => {
  progress.step(`${name}, round ${round}`)
  return start(starter)
}
// What is compiled is kept when a process ends: the first of all counts for none.
await alternate(1, starters, (starter, name) => play(starter, name, 0))
const played = await alternate(rounds, starters, play)
progress.end()
for (const name of Object.keys(starters)) {
  const times = played.map((round) => round[name] ?? Number.NaN)
  console.log(`${name}: ${median(times).toFixed(0)} ms to the first ready answer (quartiles ${quartiles(times, 0).join(' to ')})`)
}
process.exit()
