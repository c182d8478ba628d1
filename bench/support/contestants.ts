import { freePort, startChild, waitFor } from './child.ts'

/** A process that answers the workloads' requests, and the DynamoDB behind it, 0 where there is none. */
export type Contestant = { pid: number; port: number; storePid: number; end: () => void }

export type ContestantName = 'ours' | 'bare' | 'plain'

/** Its default of 128 would refuse most of 256 connections. */
export const MAX_IN_FLIGHT = 512

/** The service's production settings, with another store and another host for its metrics. */
export function serviceSettings({ endpoint, statsdPort }: { endpoint: string; statsdPort: number }) {
  return {
    ENVIRONMENT: 'production',
    AUTH: 'off',
    HOST: '127.0.0.1',
    AWS_REGION: 'us-east-1',
    DYNAMODB_ENDPOINT: endpoint,
    STATSD_HOST: '127.0.0.1',
    STATSD_PORT: String(statsdPort),
    MAX_IN_FLIGHT: String(MAX_IN_FLIGHT),
  }
}

/** Starts the service in production settings, and others where they are given, with a DynamoDB that takes so long; `end` ends all. */
export async function startService(dynamodbMs: number, settings: Record<string, string> = {}) {
  const [statsdPort, dynamodbPort] = [await freePort(), await freePort()]
  const sink = startChild('bench/support/udp-sink.ts', { PORT: String(statsdPort) })
  const env = { PORT: String(dynamodbPort), DELAY_MS: String(dynamodbMs) }
  const store = startChild('bench/support/lean-dynamodb-stand-in.ts', env)
  const endpoint = `http://127.0.0.1:${dynamodbPort}`
  await waitFor(endpoint)
  const ours = await startContestant('src/server.ts', store.pid, { ...serviceSettings({ endpoint, statsdPort }), ...settings })
  function end(): void {
    for (const child of [ours, store, sink]) child.end()
  }
  return { ours, endpoint, end }
}

/** Starts the service, the bare routes, and the plain service over the same DynamoDB; `end` ends them all. */
export async function startContestants(dynamodbMs: number) {
  const { ours, endpoint, end: endOurs } = await startService(dynamodbMs)
  const dynamodb = { DYNAMODB_ENDPOINT: endpoint, AWS_REGION: 'us-east-1' }
  const plain = await startContestant('bench/support/plain-service.ts', ours.storePid, dynamodb)
  const bare = await startBareRoutes()
  const contestants: Record<ContestantName, Contestant> = { ours, bare, plain }
  function end(): void {
    for (const contestant of [plain, bare]) contestant.end()
    endOurs()
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
