import { Agent, request } from 'node:http'
import { setImmediate as breathe } from 'node:timers/promises'

/** One request, again and again. */
export type Workload = { method: 'GET' | 'POST'; path: string; body?: string }

/** Sends `count` requests over `connections` kept-alive connections; throws at the first answer that is not 200 or is empty. */
export async function load(url: string, workload: Workload, count: number, connections: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  let left = count
  async function sendInTurn(): Promise<void> {
    while (left > 0) {
      left -= 1
      await send(url, workload, agent)
    }
  }
  try {
    await Promise.all(Array.from({ length: connections }, sendInTurn))
  } finally {
    agent.destroy()
    await breathe()
  }
}

function send(url: string, { method, path, body }: Workload, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const sent = request(`${url}${path}`, { method, agent, headers }, (reply) => {
      let bytes = 0
      reply.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      reply.on('end', () => {
        if (reply.statusCode === 200 && bytes > 0) resolve()
        else reject(new Error(`${method} ${path} was answered ${reply.statusCode} with ${bytes} bytes`))
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
