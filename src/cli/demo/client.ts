import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'

export type Client = ReturnType<typeof createClient>
export type Reply = { status: number; body: string }

/** Sends requests over connections that are kept. */
export function createClient(url: string, connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  return {
    /** @throws Error when there is no reply. */
    send(method: string, path: string, body?: string): Promise<Reply> {
      const { promise, resolve, reject } = Promise.withResolvers<Reply>()
      const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      const sent = request(`${url}/api/v1${path}`, { method, agent, headers }, (reply) => {
        text(reply).then((received) => resolve({ status: reply.statusCode ?? 0, body: received }), reject)
      })
      sent.on('error', reject)
      sent.end(body)
      return promise
    },
    close: () => agent.destroy(),
  }
}
