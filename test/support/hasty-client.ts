import { once } from 'node:events'
import { request } from 'node:http'
import type { Socket } from 'node:net'
import { json } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import type { App } from '../../src/app.ts'

export type HastyClient = Awaited<ReturnType<typeof createHastyClient>>

/** Lets the app listen; returns how to send it JSON and hang up after a while. */
export async function createHastyClient(app: App) {
  const closings = new Map<number | undefined, Promise<void>>()
  app.server.on('connection', (socket: Socket) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    socket.once('close', () => resolve())
    closings.set(socket.remotePort, promise)
  })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })

  /** The reply, or undefined when it had not come by then; the service has noticed that its client is gone. */
  return async function postHastily(path: string, body: unknown, patienceMs: number) {
    const text = JSON.stringify(body)
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    const sent = request(new URL(path, address), { method: 'POST', headers, agent: false })
    const replied = once(sent, 'response').then(async ([reply]) => {
      return { status: reply.statusCode as number, json: await json(reply) }
    })
    const answered = replied.catch(() => undefined)
    sent.on('error', () => {}) // of the hang-up
    sent.end(text)
    const [socket] = (await once(sent, 'socket')) as [Socket]
    if (socket.connecting) await once(socket, 'connect')
    const { localPort } = socket
    const reply = await Promise.race([answered, delay(patienceMs, undefined)])
    sent.destroy()
    while (!closings.has(localPort)) await once(app.server, 'connection')
    await closings.get(localPort)
    return reply
  }
}
