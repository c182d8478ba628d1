import { freePort, startChild, waitFor } from './child.ts'

/** A process that answers the workloads' requests, and the DynamoDB behind it, 0 where there is none. */
export type Contestant = { pid: number; port: number; storePid: number; end: () => void }

export type ContestantName = 'ours' | 'bare' | 'plain'

/** Its default of 128 would refuse most of 256 connections. */
export const MAX_IN_FLIGHT = 512

/** Starts the service in production settings, the bare routes and the plain service, with a DynamoDB that takes so long; `end` ends them all. */
export async function startContestants(dynamodbMs: number) {
  const [statsdPort, dynamodbPort] = [await freePort(), await freePort()]
  const sink = startChild('bench/support/udp-sink.ts', { PORT: String(statsdPort) })
  const env = { PORT: String(dynamodbPort), DELAY_MS: String(dynamodbMs) }
  const store = startChild('bench/support/lean-dynamodb-stand-in.ts', env)
  const dynamodb = { DYNAMODB_ENDPOINT: `http://127.0.0.1:${dynamodbPort}`, AWS_REGION: 'us-east-1' }
  await waitFor(dynamodb.DYNAMODB_ENDPOINT)
  const ours = await startContestant('src/server.ts', store.pid, {
    ...dynamodb,
    ENVIRONMENT: 'production',
    AUTH: 'off',
    HOST: '127.0.0.1',
    STATSD_HOST: '127.0.0.1',
    STATSD_PORT: String(statsdPort),
    MAX_IN_FLIGHT: String(MAX_IN_FLIGHT),
  })
  const plain = await startContestant('bench/support/plain-service.ts', store.pid, dynamodb)
  const contestants: Record<ContestantName, Contestant> = { ours, bare: await startBareRoutes(), plain }
  function end(): void {
    for (const child of [...Object.values(contestants), store, sink]) child.end()
  }
  return { contestants, end }
}

/** Starts the bare routes alone. */
export function startBareRoutes(): Promise<Contestant> {
  return startContestant('bench/support/bare-routes.ts', 0, {})
}

async function startContestant(script: string, storePid: number, env: Record<string, string>): Promise<Contestant> {
  const port = await freePort()
  const { pid, end } = startChild(script, { ...env, PORT: String(port) })
  await waitFor(`http://127.0.0.1:${port}/health/live`)
  return { pid, port, storePid, end }
}
