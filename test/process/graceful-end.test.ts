import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startHeldDynamoDB } from '../support/held-dynamodb.ts'
import { readFeature, type ServiceProcess, startService, startServiceByNpm, writeFeature } from '../support/service-process.ts'

const DRAINING = /finishing requests in flight/

/** Asks on new connections until one is refused or sent away; a connection that is still served counts as neither. */
async function turnedAway(url: string): Promise<'refused' | number> {
  for (;;) {
    const reply = await fetch(`${url}/health/ready`, { headers: { connection: 'close' } }).catch(() => undefined)
    if (reply === undefined) return 'refused'
    await reply.arrayBuffer()
    if (reply.status === 503) return 503
  }
}

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  test('ends an idle service with code 0', async () => {
    const service = await startService()

    service.kill(signal)

    expect(await service.exited).toEqual({ code: 0, signal: null })
    expect(service.stderr()).toBe('')
  })

  test('lets a read in flight finish with its true answer, then ends with code 0', async () => {
    const dynamoDB = await startHeldDynamoDB()
    const service = await startService(dynamoDB.env)
    const read = readFeature(service.url, 'held')
    await dynamoDB.holds(1)

    service.kill(signal)
    await service.printed(DRAINING)
    dynamoDB.release()

    expect(await read).toBe(42)
    expect(await service.exited).toEqual({ code: 0, signal: null })
  })

  test('lets a write in flight finish with its true answer, then ends with code 0', async () => {
    const dynamoDB = await startHeldDynamoDB()
    const service = await startService(dynamoDB.env)
    const write = writeFeature(service.url, 'held', 1)
    await dynamoDB.holds(1)

    service.kill(signal)
    await service.printed(DRAINING)
    dynamoDB.release()

    expect(await write).toBe(200)
    expect(await service.exited).toEqual({ code: 0, signal: null })
  })

  test('does not wait for a body whose rest never comes, and ends with code 0', async () => {
    const service = await startService()
    const client = connect(Number(new URL(service.url).port), '127.0.0.1')
    onTestFinished(() => {
      client.destroy()
    })
    const invited = once(client, 'data')
    client.write(
      'POST /api/v1/items/slow HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\nexpect: 100-continue\r\n\r\n{"a"',
    )
    await invited

    service.kill(signal)

    expect(await service.exited).toEqual({ code: 0, signal: null })
  })

  test('that comes a second time changes nothing', async () => {
    const dynamoDB = await startHeldDynamoDB()
    const service = await startService(dynamoDB.env)
    const read = readFeature(service.url, 'held')
    await dynamoDB.holds(1)

    service.kill(signal)
    await service.printed(DRAINING)
    service.kill(signal)
    await turnedAway(service.url)
    service.kill(signal)
    dynamoDB.release()

    expect(await read).toBe(42)
    expect(await service.exited).toEqual({ code: 0, signal: null })
  })
})

test('while draining, new connections are refused or told, and what is in flight goes on', async () => {
  const dynamoDB = await startHeldDynamoDB()
  const service = await startService(dynamoDB.env)
  const read = readFeature(service.url, 'held')
  await dynamoDB.holds(1)

  service.kill('SIGTERM')
  await service.printed(DRAINING)

  expect(['refused', 503]).toContain(await turnedAway(service.url))
  dynamoDB.release()
  expect(await read).toBe(42)
})

test('a connection on which nothing was ever sent does not keep the service from ending with code 0', async () => {
  const service = await startService()
  const { hostname, port } = new URL(service.url)
  const silent = connect({ host: hostname, port: Number(port) }).on('error', () => {})
  onTestFinished(() => {
    silent.destroy()
  })
  await once(silent, 'connect')
  // The system queues connections in order: once a later one is served, the silent one has been accepted.
  await fetch(`${service.url}/health/live`, { headers: { connection: 'close' } })

  service.kill('SIGTERM')

  expect(await service.exited).toEqual({ code: 0, signal: null })
})

describe('npm start', () => {
  type HowToSignal = [string, (service: ServiceProcess) => void]

  const signalled: HowToSignal[] = [
    ['Ctrl-C of a terminal, which reaches npm and the service', (service) => service.killGroup('SIGINT')],
    ['SIGTERM to the whole group', (service) => service.killGroup('SIGTERM')],
    ['SIGTERM to npm alone', (service) => service.kill('SIGTERM')],
    ['SIGINT to npm alone', (service) => service.kill('SIGINT')],
  ]

  test.each(signalled)('on %s, a read in flight is answered, the code is 0 and no process is left', async (_, send) => {
    const dynamoDB = await startHeldDynamoDB()
    const service = await startServiceByNpm(dynamoDB.env)
    const read = readFeature(service.url, 'held')
    await dynamoDB.holds(1)

    send(service)
    await service.printed(DRAINING)
    dynamoDB.release()

    expect(await read).toBe(42)
    expect(await service.exited).toEqual({ code: 0, signal: null })
    expect(service.groupIsAlive()).toBe(false)
  })

  test('on two Ctrl-C, a read in flight is still answered, the code is 0 and no process is left', async () => {
    const dynamoDB = await startHeldDynamoDB()
    const service = await startServiceByNpm(dynamoDB.env)
    const read = readFeature(service.url, 'held')
    await dynamoDB.holds(1)

    service.killGroup('SIGINT')
    await service.printed(DRAINING)
    service.killGroup('SIGINT')
    await turnedAway(service.url)
    dynamoDB.release()

    expect(await read).toBe(42)
    expect(await service.exited).toEqual({ code: 0, signal: null })
    expect(service.groupIsAlive()).toBe(false)
  })
})
