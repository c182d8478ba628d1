import { expect, test } from 'vitest'
import { startLoopbackStore } from '../support/loopback-store.ts'
import { startServiceOver } from '../support/service-over-client.ts'

const OK = 'HTTP/1.1 200 OK\r\n'

test.for([
  ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
  ['another version of HTTP', 'HTTP/2 200\r\n\r\n{}'],
  ['a length that is none', `${OK}content-length: x\r\n\r\n{}`],
  ['two lengths', `${OK}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}`],
  ['a chunk without a length', `${OK}transfer-encoding: chunked\r\n\r\n{}\r\n`],
] as const)('a store that answers by %s is unavailable, and a write may have been applied', async ([, answer]) => {
  const store = await startLoopbackStore(({ socket }) => void socket.write(answer))
  const service = await startServiceOver({ endpoint: `http://127.0.0.1:${store.port}` })

  const read = await service.read('user', 'cat')
  const write = await service.write('user', { cat: { f: 1 } })

  expect(read).toMatchObject({ status: 503, json: { code: 'STORE_UNAVAILABLE' } })
  expect(write).toMatchObject({ status: 503, json: { results: { cat: { status: 'unknown', code: 'STORE_UNAVAILABLE' } } } })
})

test('credentials that no header may have are 503, nothing was sent, and the log says what to mend', async () => {
  const store = await startLoopbackStore()
  const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'a token\n' }
  const service = await startServiceOver({ endpoint: `http://127.0.0.1:${store.port}`, credentials })

  const write = await service.write('user', { cat: { f: 1 } })

  expect(write).toMatchObject({ status: 503, json: { results: { cat: { status: 'failed', code: 'STORE_UNAVAILABLE' } } } })
  expect(store.asked()).toEqual([])
  await service.finalRequests()
  expect(service.sink.text()).toMatch(/Mend the AWS credentials: one of them has a character that no header may have/)
  expect(service.sink.text()).not.toContain('a token')
})
