import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { launchService, STACK_LINE, startService, startServiceByNpm } from '../support/service-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** A listening socket that takes a port until the test ends, or until `free`. */
async function takePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const free = () => new Promise<void>((resolve) => server.close(() => resolve()))
  onTestFinished(free)
  return { port, free }
}

function isIPv4({ family }: NetworkInterfaceInfo): boolean {
  return family === 'IPv4'
}

describe('a start that cannot succeed', () => {
  test('names every bad variable on stderr, without a stack, and exits 1', async () => {
    const service = launchService({ ENVIRONMENT: 'prod', PORT: 'http', DEBUG: 'maybe', STATSD_PORT: '70000' })

    expect(await service.exited).toEqual({ code: 1, signal: null })
    for (const name of ['ENVIRONMENT', 'PORT', 'DEBUG', 'STATSD_PORT']) {
      expect(service.stderr()).toMatch(new RegExp(`^ *${name}: .`, 'm'))
    }
    expect(service.stderr()).not.toMatch(STACK_LINE)
    expect(service.stdout()).toBe('')
  })

  test('names a bad value of a file in the folder it is started in', async () => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, '.env'), 'BODY_LIMIT_BYTES=4MB')

    const service = launchService({}, cwd)

    expect(await service.exited).toEqual({ code: 1, signal: null })
    expect(service.stderr()).toMatch(/^ *BODY_LIMIT_BYTES: ./m)
  })

  test('says that the port is in use and names PORT', async () => {
    const { port } = await takePort()

    const service = launchService({ PORT: String(port) })

    expect(await service.exited).toEqual({ code: 1, signal: null })
    expect(service.stderr()).toMatch(/in use/)
    expect(service.stderr()).toContain(String(port))
    expect(service.stderr()).toContain('PORT')
    expect(service.stderr()).not.toMatch(STACK_LINE)
  })

  test('says where nothing answers when tables are to be created there', async () => {
    const service = launchService({ DYNAMODB_ENDPOINT: 'http://127.0.0.1:1' })

    expect(await service.exited).toEqual({ code: 1, signal: null })
    expect(service.stderr()).toContain('http://127.0.0.1:1')
    expect(service.stderr()).not.toMatch(STACK_LINE)
  })

  test('exits 1 under npm start, too', async () => {
    const service = startServiceByNpm({ PORT: 'http' })

    await expect(service).rejects.toThrow(/"code":1.*PORT: must be/s)
  })
})

describe('where it listens', () => {
  test('PORT is obeyed', async () => {
    const { port, free } = await takePort()
    await free()

    const service = await startService({ PORT: String(port) })

    expect(service.url).toBe(`http://127.0.0.1:${port}`)
    expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200)
  })

  test('HOST is obeyed: on 127.0.0.1 another address of this machine is refused', async () => {
    const service = await startService({ HOST: '127.0.0.1' })
    const { port } = new URL(service.url)

    await expect(fetch(`http://127.0.0.2:${port}/health/live`)).rejects.toThrow('fetch failed')
  })

  test('HOST=0.0.0.0 is every IPv4 address of this machine', async () => {
    const service = await startService({ HOST: '0.0.0.0' })
    const { port } = new URL(service.url)

    const addresses = Object.values(networkInterfaces()).flatMap((interfaces = []) => interfaces.filter(isIPv4))
    expect(addresses).not.toEqual([])
    for (const { address } of addresses) {
      expect((await fetch(`http://${address}:${port}/health/live`)).status).toBe(200)
    }
  })

  test('HOST and PORT are obeyed by npm start', async () => {
    const { port, free } = await takePort()
    await free()

    const service = await startServiceByNpm({ HOST: '127.0.0.1', PORT: String(port) })

    expect(service.url).toBe(`http://127.0.0.1:${port}`)
  })
})

describe('while DynamoDB cannot be reached', () => {
  const unreachable = { ENVIRONMENT: 'production', AUTH: 'off', DYNAMODB_ENDPOINT: 'http://127.0.0.1:1' }

  test('the service is live and not ready', async () => {
    const service = await startService(unreachable)

    const live = await fetch(`${service.url}/health/live`)
    const ready = await fetch(`${service.url}/health/ready`)

    expect(live.status).toBe(200)
    expect(ready.status).toBe(503)
    expect(await ready.json()).toMatchObject({ status: 503, code: 'NOT_READY' })
  })

  test('a read is answered 503 and is never reported as missing', async () => {
    const service = await startService(unreachable)

    const reply = await fetch(`${service.url}/api/v1/get/item/user123/cat`)

    expect(reply.status).toBe(503)
    expect(await reply.json()).toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })
})
