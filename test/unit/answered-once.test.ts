import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { startLoggedService } from '../support/logged-service.ts'

test('a request that has its answer gets no second one for a body that cannot be read', async () => {
  const service = await startLoggedService()
  const socket = connect(service.port, '127.0.0.1')
  socket.write('PUT /api/v1/items/u HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n')
  const [first] = await once(socket, 'data')
  socket.write('ZZZ\r\n')

  const received = String(first) + (await text(socket))

  expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 405'])
  expect((await service.finalRequests()).map(({ status }) => status)).toEqual([405])
})

test('a client that goes in the middle of its headers is a hang-up', async () => {
  const service = await startLoggedService()
  const socket = connect(service.port, '127.0.0.1')
  socket.end('GET /api/v1/get/item/user123/cat HTTP/1.1\r\nHo')
  await text(socket)

  expect(await service.finalRequests()).toMatchObject([{ status: 499, aborted: true, route: 'unmatched' }])
})
