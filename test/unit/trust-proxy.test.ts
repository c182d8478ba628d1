import { expect, test } from 'vitest'
import { startLoggedService } from '../support/logged-service.ts'
import { openConnection, requestText } from '../support/raw-client.ts'

const CLIENT = '203.0.113.7'

/** The line of one request from this machine with this X-Forwarded-For. */
async function lineOf(trustProxy: boolean | string[] | undefined, forwardedFor: string) {
  const service = await startLoggedService(trustProxy === undefined ? {} : { app: { trustProxy } })
  const client = await openConnection(service.port)
  const headers = {
    connection: 'close',
    'x-forwarded-for': forwardedFor,
    'x-real-ip': forwardedFor,
    forwarded: `for=${forwardedFor}`,
  }
  client.send(requestText('GET', '/api/v1/get/item/user123/cat', headers))
  await client.all()
  const [line] = await service.finalRequests()
  return line
}

test.for([
  ['nobody is trusted', false],
  ['the proxies trusted are others', ['10.0.0.0/8']],
] as const)('where %s, the address is the socket’s, whatever the client says of itself', async ([, trusted]) => {
  const line = await lineOf(typeof trusted === 'boolean' ? trusted : [...trusted], CLIENT)

  expect(line).toMatchObject({ client_ip: '127.0.0.1' })
})

test.for([
  ['loopback', ['loopback']],
  ['an address', ['127.0.0.1']],
  ['a range', ['10.0.0.0/8', '127.0.0.0/8']],
] as const)('a proxy that is trusted as %s is believed', async ([, trusted]) => {
  expect(await lineOf([...trusted], CLIENT)).toMatchObject({ client_ip: CLIENT })
})

test('behind several trusted proxies, the address is the last one that none of them is', async () => {
  const line = await lineOf(['loopback', '10.0.0.0/8'], `198.51.100.1, ${CLIENT}, 10.1.2.3`)

  expect(line).toMatchObject({ client_ip: CLIENT })
})

test('where everybody is trusted, the address is the first', async () => {
  expect(await lineOf(true, `${CLIENT}, 10.1.2.3`)).toMatchObject({ client_ip: CLIENT })
})

test('where everybody is trusted, the line stays short whatever they say', async () => {
  const line = await lineOf(true, 'x'.repeat(5_000))

  expect(line).toMatchObject({ status: 404 })
  expect(String(line?.client_ip).length).toBeLessThan(300)
})
