import { expect } from 'vitest'
import { type Received, startEtsyStatsD } from './etsy-statsd.ts'
import { type ServiceProcess, startService } from './service-process.ts'

/** A service in production with a store of its own that it forgets, and that may be as slow as a busy machine makes it. */
export const PRODUCTION = {
  ENVIRONMENT: 'production',
  AUTH: 'off',
  DOCS: 'on',
  DYNAMODB_ENDPOINT: 'embedded',
  EMBEDDED_DATA_DIR: 'memory',
  REQUEST_TIMEOUT_MS: '50000',
  DYNAMODB_ATTEMPT_TIMEOUT_MS: '50000',
}

/** What Etsy's statsd has of a whole run of a service in production, whose end by SIGTERM sends the last sums. */
export async function measuredRun(
  send: (service: ServiceProcess) => Promise<unknown>,
  env: Record<string, string> = {},
): Promise<Received> {
  const statsd = await startEtsyStatsD()
  const service = await startService({ ...PRODUCTION, ...statsd.env, ...env })
  await send(service)
  service.kill('SIGTERM')
  expect(await service.exited).toEqual({ code: 0, signal: null })
  const received = await statsd.received()
  expect(received, received.log).toMatchObject({ badLines: 0 })
  return received
}

/** Those of one name, or of one group of names that ends in a dot. */
export function pick<Value>(metrics: Record<string, Value>, name: string): Record<string, Value> {
  const isPicked = (key: string) => (name.endsWith('.') ? key.startsWith(name) : key.startsWith(`${name};`))
  return Object.fromEntries(Object.entries(metrics).filter(([key]) => isPicked(key)))
}

/** How many values each timer has, under the name that a counter of the same would have. */
export function valuesPer(timers: Record<string, number[]>, timer: string, counter: string): Record<string, number> {
  const entries = Object.entries(pick(timers, timer))
  return Object.fromEntries(entries.map(([key, values]) => [key.replace(timer, counter), values.length]))
}
