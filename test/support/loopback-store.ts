import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { expect, onTestFinished } from 'vitest'

/** A request that has come, the connection it came on, and that connection's number: the first is 0. */
export type StoreRequest = { body: string; socket: Socket; connection: number }

const REQUEST = /^POST \/ HTTP\/1\.1\r\n[\s\S]*?content-length: (\d+)\r\n\r\n/

/** A reply of HTTP/1.1 with a body of known length. */
export function replyText(body: string, headers = ''): string {
  return `HTTP/1.1 200 OK\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`
}

/** Sends a request's own body back. */
export function echo({ socket, body }: StoreRequest): void {
  socket.write(replyText(body))
}

/** Takes requests over HTTP/1.1 on loopback, by any server of connections, and does with each what it is told. */
export async function startLoopbackStore(
  answer: (request: StoreRequest) => void = echo,
  { server = createServer(), event = 'connection', host = '127.0.0.1' }: { server?: Server; event?: string; host?: string } = {},
) {
  const sockets: Socket[] = []
  const requests: StoreRequest[] = []

  server.on(event, (socket: Socket) => {
    const connection = sockets.push(socket) - 1
    let pending = ''
    socket.setEncoding('latin1').on('error', () => {})
    socket.on('data', (text: string) => {
      pending += text
      for (let found = REQUEST.exec(pending); found; found = REQUEST.exec(pending)) {
        const bodyAt = found[0].length
        const end = bodyAt + Number(found[1])
        if (pending.length < end) return
        const request = { body: pending.slice(bodyAt, end), socket, connection }
        pending = pending.slice(end)
        requests.push(request)
        answer(request)
      }
    })
  })
  server.listen(0, host)
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })

  return {
    server,
    port: (server.address() as AddressInfo).port,
    /** The connections that came, in their order, open or not. */
    sockets,
    /** What has come, in its order: `body@connection`. */
    asked: () => requests.map(({ body, connection }) => `${body}@${connection}`),
    /** As soon as so many requests have come. */
    async requestsCame(count: number): Promise<StoreRequest[]> {
      await expect.poll(() => requests.length).toBe(count)
      return requests
    },
    /** As soon as a connection has been closed by its client. */
    async closed(connection: number): Promise<void> {
      await expect.poll(() => sockets[connection]?.destroyed).toBe(true)
    },
  }
}
