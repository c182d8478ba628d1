import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createRequestHandler } from '../../src/dynamodb/wire/request-handler.ts'

const HEAD = 'HTTP/1.1 200 OK\r\n'
const BODY = '{"Item":{}}'

/** A handler, and a server that does with each request what it is told. */
async function startHandler(onRequest: (socket: Socket) => void, timeoutMs = 10_000) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('data', () => onRequest(socket))
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const handler = createRequestHandler({ maxSockets: 2, timeoutMs })
  onTestFinished(() => {
    handler.destroy?.()
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const place = { protocol: 'http:', hostname: '127.0.0.1', port, path: '/', query: {} }
  return {
    sockets,
    handler,
    ask: (abortSignal?: AbortSignal) =>
      handler.handle({ ...place, method: 'POST', headers: { host: 'store' }, body: '{}' }, abortSignal ? { abortSignal } : {}),
  }
}

test('a reply comes whole, in however many pieces it was sent', async () => {
  const { ask } = await startHandler((socket) => {
    socket.write(`${HEAD}content-length: ${BODY.length}\r\n\r\n${BODY.slice(0, 4)}`, () => socket.write(BODY.slice(4)))
  })

  const { response } = await ask()

  expect(response.statusCode).toBe(200)
  expect(response.body.toString()).toBe(BODY)
})

test.for([
  ['before its head', ''],
  ['in its head', 'HTTP/1.1 200 O'],
  ['in a body of known length', `${HEAD}connection: close\r\ncontent-length: 100\r\n\r\n{"a`],
  ['in a body of chunks', `${HEAD}connection: close\r\ntransfer-encoding: chunked\r\n\r\n3\r\n{"a\r\n`],
] as const)('a connection that ends %s is one that broke off, as the SDK’s retries know it', async ([, sent]) => {
  const { ask } = await startHandler((socket) => void socket.end(sent))

  await expect(ask()).rejects.toMatchObject({ name: 'TimeoutError', code: 'ECONNRESET' })
})

test('what is no HTTP is no connection that broke off', async () => {
  const { ask } = await startHandler((socket) => void socket.write('SSH-2.0-OpenSSH_9.2\r\n\r\n'))

  await expect(ask()).rejects.toMatchObject({ name: 'HTTPParserError' })
})

test('a port that nobody listens on is told by its code, and not as one that ran out of time', async () => {
  const { handler } = await startHandler(() => {})
  const place = { protocol: 'http:', hostname: '127.0.0.1', port: 1, path: '/', query: {} }

  const asking = handler.handle({ ...place, method: 'POST', headers: {}, body: '{}' }, {})

  await expect(asking).rejects.toMatchObject({ name: 'Error', code: 'ECONNREFUSED' })
})

test.for([
  ['no reply', ''],
  ['half a reply', `${HEAD}content-length: 100\r\n\r\n{"a`],
] as const)('%s ends at the time limit, and its connection with it', async ([, sent]) => {
  const { ask, sockets } = await startHandler((socket) => void (sent && socket.write(sent)), 100)

  await expect(ask()).rejects.toMatchObject({ name: 'TimeoutError' })

  await expect.poll(() => [...sockets].every((socket) => socket.destroyed)).toBe(true)
})

test('a request whose caller goes away ends at once, and so does one whose caller had gone', async () => {
  const { ask } = await startHandler(() => {})
  const caller = new AbortController()

  const underWay = ask(caller.signal)
  caller.abort()
  const late = ask(caller.signal)

  await expect(underWay).rejects.toMatchObject({ name: 'AbortError' })
  await expect(late).rejects.toMatchObject({ name: 'AbortError' })
})

test('a handler that is destroyed leaves nobody waiting', async () => {
  const { ask, handler } = await startHandler(() => {})
  const waiting = [ask(), ask(), ask()]

  handler.destroy?.()

  const settled = await Promise.allSettled(waiting)
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
})
