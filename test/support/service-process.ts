import { join } from 'node:path'
import { type Child, type ChildOptions, PROJECT_ROOT, startChild } from './child-process.ts'
import { temporaryFolder } from './temporary-folder.ts'

export type ServiceProcess = Child & { url: string }

type Env = Record<string, string>

// The project's own folder may hold a developer's .env; `npm start` cannot leave it, so everything that matters is given.
const BASE_ENV = { ENVIRONMENT: 'development', HOST: '127.0.0.1', PORT: '0', DYNAMODB_ENDPOINT: 'embedded', LOG_LEVEL: 'info' }

function withDataDir(env: Env): Env {
  return { ...BASE_ENV, ...(env.EMBEDDED_DATA_DIR ? {} : { EMBEDDED_DATA_DIR: temporaryFolder() }), ...env }
}

/** Starts `node src/server.ts` in a folder without .env files; the caller waits for what it is to do. */
export function launchService(env: Env, cwd: string = temporaryFolder()): Child {
  const args = [join(PROJECT_ROOT, 'src/server.ts')]
  return startChild({ command: process.execPath, args, cwd, env: withDataDir(env) })
}

/** Starts `node src/server.ts` on a port that the system picks; it answers when this returns. */
export function startService(env: Env = {}, cwd?: string): Promise<ServiceProcess> {
  return answering(launchService(env, cwd))
}

/** The same by `npm start`, in a process group of its own as under a terminal. */
export function startServiceByNpm(env: Env = {}): Promise<ServiceProcess> {
  return answering(startChild({ command: 'npm', args: ['start'], cwd: PROJECT_ROOT, env: withDataDir(env), ownGroup: true }))
}

/** Runs one of src/cli/ to its end. */
export async function runCli(file: string, env: Env, cwd: string = temporaryFolder()) {
  const options: ChildOptions = { command: process.execPath, args: [join(PROJECT_ROOT, 'src/cli', file)], cwd, env }
  const child = startChild(options)
  const { code } = await child.exited
  return { code, stdout: child.stdout(), stderr: child.stderr() }
}

async function answering(child: Child): Promise<ServiceProcess> {
  const [, url] = await child.printed(/Server listening at (http:\/\/[^\s"]+)/)
  if (url === undefined) throw new Error(`no address in: ${child.output()}`)
  await fetch(`${url}/health/live`)
  return { ...child, url }
}

/** Writes one feature of one entity and gives the reply's status. */
export async function writeFeature(url: string, identifier: string, value: unknown): Promise<number> {
  const reply = await fetch(`${url}/api/v1/items/${encodeURIComponent(identifier)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ cat: { value } }),
  })
  await reply.arrayBuffer()
  return reply.status
}

/** What writeFeature wrote; undefined when it is not there. */
export async function readFeature(url: string, identifier: string): Promise<unknown> {
  const reply = await fetch(`${url}/api/v1/get/item/${encodeURIComponent(identifier)}/cat`)
  if (reply.status === 404) return undefined
  if (reply.status !== 200) throw new Error(`${reply.status}: ${await reply.text()}`)
  const json = (await reply.json()) as { features: { data: { value: unknown } } }
  return json.features.data.value
}

/** A stack's lines, which no message for a person may hold. */
export const STACK_LINE = /^\s+at .+/m
