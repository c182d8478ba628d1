import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const READY_WITHIN_MS = 60_000

/** A way to have DynamoDB Local on this machine; start() gives its URL and how to end it. */
export type DynamoDBLocal = { start: () => Promise<{ url: string; stop: () => Promise<void> }> }

/** DYNAMODB_ENDPOINT, else Docker, else the jar inside an npm package with this machine's Java; undefined: none of them. */
export async function findDynamoDBLocal(): Promise<DynamoDBLocal | undefined> {
  const given = process.env.DYNAMODB_ENDPOINT
  if (given?.startsWith('http')) return { start: async () => ({ url: given, stop: async () => {} }) }
  if (await works('docker', ['info'])) return { start: startContainer }
  if (await works('java', ['-version'])) return { start: startJar }
  return undefined
}

async function works(command: string, args: string[]): Promise<boolean> {
  try {
    await run(command, args, { timeout: 10_000 })
    return true
  } catch {
    return false
  }
}

async function startContainer() {
  const { GenericContainer } = await import('testcontainers')
  const container = await new GenericContainer('amazon/dynamodb-local')
    .withCommand(['-jar', 'DynamoDBLocal.jar', '-inMemory', '-sharedDb'])
    .withExposedPorts(8000)
    .start()
  return {
    url: `http://${container.getHost()}:${container.getMappedPort(8000)}`,
    stop: async () => {
      await container.stop()
    },
  }
}

async function startJar() {
  const folder = join(dirname(createRequire(import.meta.url).resolve('amplify-dynamodb-simulator')), 'emulator')
  const port = await findFreePort()
  const args = [
    '-Djava.library.path=./DynamoDBLocal_lib',
    '-jar',
    'DynamoDBLocal.jar',
    '-inMemory',
    '-sharedDb',
    '-port',
    String(port),
  ]
  const java = spawn('java', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let complaints = ''
  java.stderr.on('data', (chunk) => {
    complaints += chunk
  })
  const url = `http://127.0.0.1:${port}`
  if (!(await answers(url, java))) throw new Error(`DynamoDB Local did not start: ${complaints}`)
  return {
    url,
    stop: async () => {
      const ended = once(java, 'exit')
      java.kill()
      await ended
    },
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function answers(url: string, java: ChildProcess): Promise<boolean> {
  const giveUp = Date.now() + READY_WITHIN_MS
  while (Date.now() < giveUp && java.exitCode === null) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return true
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return false
}
