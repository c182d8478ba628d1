import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { startService, writeFeature } from '../support/service-process.ts'

const PRODUCTION = { ENVIRONMENT: 'production', AUTH: 'off', DYNAMODB_ENDPOINT: 'embedded', EMBEDDED_DATA_DIR: 'memory' }

/** A UDP port of this machine that nobody listens on. */
async function silentPort(): Promise<string> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  await once(socket.close(), 'close')
  return String(port)
}

test('where nobody listens, the log says so once, and requests go on as ever', async () => {
  const service = await startService({ ...PRODUCTION, STATSD_HOST: '127.0.0.1', STATSD_PORT: await silentPort() })

  await service.printed(/metrics cannot be sent/)
  expect(await writeFeature(service.url, 'user123', 1)).toBe(200)
  service.kill('SIGTERM')

  expect(await service.exited).toEqual({ code: 0, signal: null })
  const warnings = service.stdout().match(/.*metrics cannot be sent.*/g)
  expect(warnings).toHaveLength(1)
  expect(JSON.parse(warnings?.[0] ?? '')).toMatchObject({ level: 'warn', err: { code: 'ECONNREFUSED' } })
})
