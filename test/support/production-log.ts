import { expect } from 'vitest'
import { isOfRequest, type LogLine } from './log-sink.ts'
import { type ServiceProcess, startService } from './service-process.ts'

/** A service in production with a store of its own that it forgets. */
export const PRODUCTION = { ENVIRONMENT: 'production', AUTH: 'off', DYNAMODB_ENDPOINT: 'embedded', EMBEDDED_DATA_DIR: 'memory' }

/** What a service in production logs while this is sent to it, from its start to its end by SIGTERM. */
export async function logOf(env: Record<string, string>, send: (url: string) => Promise<unknown>): Promise<LogLine[]> {
  const service = await startService({ ...PRODUCTION, ...env })
  await send(service.url)
  return logToItsEnd(service)
}

/** Ends a service by SIGTERM; returns its whole log. */
export async function logToItsEnd(service: ServiceProcess): Promise<LogLine[]> {
  service.kill('SIGTERM')
  await service.exited
  expect(service.stderr()).toBe('')
  return service
    .stdout()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogLine)
}

/** The wide lines, one for each request. */
export function requestsOf(lines: LogLine[]): LogLine[] {
  return lines.filter(isOfRequest)
}
