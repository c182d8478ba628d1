import { expect, onTestFinished, test } from 'vitest'
import { createRequestHandler } from '../../src/dynamodb/wire/request-handler.ts'
import { echo, replyText } from '../support/loopback-store.ts'
import { poolTo } from '../support/pool-to.ts'
import { keyAndCertificate, startTlsStore, trust } from '../support/tls-store.ts'

const LOCALHOST = keyAndCertificate('localhost')
const ELSEWHERE = keyAndCertificate('elsewhere')

/** A handler, and requests through it to a port of this machine. */
function startHandler(port: number, hostname: string, maxSockets = 1) {
  const handler = createRequestHandler({ maxSockets, timeoutMs: 20_000 })
  onTestFinished(() => handler.destroy?.())
  const place = { protocol: 'https:', hostname, port, path: '/', query: {}, method: 'POST' }
  return async function ask(name: string): Promise<string> {
    const { response } = await handler.handle({ ...place, headers: { host: 'store' }, body: name }, {})
    return response.body.toString()
  }
}

test.for(['localhost', '127.0.0.1'])('exchanges go over TLS to %s, their replies in pieces or large', async (hostname) => {
  trust(LOCALHOST)
  const large = `{"a":"${'x'.repeat(300_000)}"}`
  const store = await startTlsStore(LOCALHOST, ({ socket, body }) => {
    const reply = replyText(body === '{"large":1}' ? large : body)
    socket.write(reply.slice(0, 30), () => socket.write(reply.slice(30)))
  })
  const ask = startHandler(store.port, hostname)

  const replies = await Promise.all(['{"a":1}', '{"large":1}', '{"a":2}'].map(ask))

  expect(replies).toEqual(['{"a":1}', large, '{"a":2}'])
  expect(store.asked()).toEqual(['{"a":1}@0', '{"large":1}@0', '{"a":2}@0'])
})

test('the store is told the name that is asked for, and HTTP/1.1', async () => {
  trust(LOCALHOST)
  const store = await startTlsStore(LOCALHOST)
  const ask = startHandler(store.port, 'localhost')

  await ask('{}')

  expect(store.sockets[0]).toMatchObject({ servername: 'localhost', alpnProtocol: 'http/1.1' })
})

test.for(['localhost', '127.0.0.1'])(
  'a certificate of %s that nobody trusts is refused, and nothing is sent',
  async (hostname) => {
    const store = await startTlsStore(LOCALHOST)
    const ask = startHandler(store.port, hostname)

    await expect(ask('{}')).rejects.toMatchObject({ name: 'Error', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })

    expect(store.asked()).toEqual([])
  },
)

test.for([
  ['TLSv1.3', 'localhost'],
  ['TLSv1.3', '127.0.0.1'],
  ['TLSv1.2', 'localhost'],
  ['TLSv1.2', '127.0.0.1'],
] as const)('in %s, a trusted certificate of another name than %s is refused, again and again', async ([version, hostname]) => {
  trust(ELSEWHERE)
  const store = await startTlsStore(ELSEWHERE, echo, { maxVersion: version })
  const ask = startHandler(store.port, hostname)

  for (const name of ['a', 'b', 'c']) {
    await expect(ask(name)).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  }

  expect(store.asked()).toEqual([])
})

test.for(['TLSv1.3', 'TLSv1.2'] as const)('in %s, a connection resumes the session of the one before', async (version) => {
  trust(LOCALHOST)
  const last = ({ socket, body }: Parameters<typeof echo>[0]) => void socket.write(replyText(body, 'connection: close\r\n'))
  const store = await startTlsStore(LOCALHOST, last, { maxVersion: version })
  const { ask } = poolTo({ ...store, isTls: true, hostname: 'localhost' }, { maxSockets: 1 })

  for (const name of ['a', 'b', 'c']) await ask(name).reply

  expect(store.asked()).toEqual(['a@0', 'b@1', 'c@2'])
  expect(store.resumed).toEqual([false, true, true])
})

test('a session with which no connection came about is not tried again', async () => {
  trust(LOCALHOST)
  const store = await startTlsStore(LOCALHOST)
  const { ask } = poolTo({ ...store, isTls: true, hostname: 'localhost' }, { maxSockets: 1 })
  await ask('a').reply
  store.sockets[0]?.end()
  await store.closed(0)

  store.server.once('connection', (socket) => socket.destroy())
  await expect(ask('b').reply).rejects.toMatchObject({ name: 'TimeoutError', code: 'ECONNRESET' })
  await ask('c').reply

  expect(store.asked()).toEqual(['a@0', 'c@1'])
  expect(store.resumed).toEqual([false, false])
})

test('a reply that ends with its connection is whole over TLS, too', async () => {
  trust(LOCALHOST)
  const store = await startTlsStore(LOCALHOST, ({ socket, body }) => void socket.end(`HTTP/1.1 200 OK\r\n\r\nall of ${body}`))
  const { ask } = poolTo({ ...store, isTls: true, hostname: 'localhost' }, { maxSockets: 1 })

  const replies = await Promise.all([ask('a').reply, ask('b').reply])

  expect(replies).toEqual(['all of a', 'all of b'])
})
