import { Agent, request as httpRequest } from 'node:http'
import { onTestFinished } from 'vitest'
import { openConnection, requestText } from './raw-client.ts'

/** One request of a load. */
export type LoadRequest = { method: 'GET' | 'POST'; path: string; body?: string }

/** Asks once; gives the status, or throws. A service that takes no new connections is an error with the code ECONNREFUSED. */
export type Ask = (request: LoadRequest) => Promise<number>

/** What became of all requests but those that found nobody to take them. */
export type Tally = { answered: Record<number, number>; failures: string[] }

type LoadOptions = {
  requests: readonly LoadRequest[]
  /** A client each. */
  asks: readonly Ask[]
  /** Called once every client has had so many answers: none of their connections is new. */
  onWarm: () => void
  answersToWarm: number
}

/** Clients that send their next request as soon as they have an answer, until nobody takes new connections any more. */
export async function keepAsking({ requests, asks, onWarm, answersToWarm }: LoadOptions): Promise<Tally> {
  const tally: Tally = { answered: {}, failures: [] }
  let coldClients = asks.length

  async function askOnce(ask: Ask, turn: number): Promise<boolean> {
    const request = requests[turn % requests.length]
    if (!request) throw new Error('no request to send')
    try {
      const status = await ask(request)
      tally.answered[status] = (tally.answered[status] ?? 0) + 1
      return true
    } catch (error) {
      const code = codeOf(error)
      if (code !== 'ECONNREFUSED') tally.failures.push(code)
      return false
    }
  }

  async function askInTurn(ask: Ask, client: number): Promise<void> {
    for (let answers = 1; await askOnce(ask, client + answers); answers += 1) {
      if (answers !== answersToWarm) continue
      coldClients -= 1
      if (coldClients === 0) onWarm()
    }
  }
  await Promise.all(asks.map(askInTurn))
  return tally
}

/** Node's own client, over at most so many kept-alive connections. */
export function askByAgent(url: string, maxSockets: number): Ask {
  const agent = new Agent({ keepAlive: true, maxSockets })
  onTestFinished(() => agent.destroy())
  return ({ method, path, body }) =>
    new Promise((resolve, reject) => {
      const sent = httpRequest(url + path, { method, agent, headers: headersFor(body) })
      sent.on('response', (reply) => {
        reply.on('error', reject).on('end', () => resolve(reply.statusCode ?? 0))
        reply.resume()
      })
      sent.on('error', reject)
      sent.end(body)
    })
}

/** Node's fetch, which is undici. */
export function askByFetch(url: string): Ask {
  return async ({ method, path, body }) => {
    const reply = await fetch(url + path, { method, headers: headersFor(body), ...(body === undefined ? {} : { body }) })
    await reply.arrayBuffer()
    return reply.status
  }
}

/** A client on one connection, to the bytes: it goes by the reply's `connection: close`, and takes any other end for a failure. */
export async function askByHand(url: string): Promise<Ask> {
  const connection = await openConnection(Number(new URL(url).port))
  let seen = 0
  let isToClose = false
  return async ({ method, path, body }) => {
    if (isToClose) throw Object.assign(new Error('told to close'), { code: 'ECONNREFUSED' })
    connection.send(requestText(method, path, {}, body))
    const all = await connection.received(new RegExp(`^[^]{${seen}}HTTP/1\\.1 \\d{3} [^]*\r\n\r\n\\{[^]*\\}$`))
    const reply = all.slice(seen)
    seen = all.length
    isToClose = /\r\nconnection: close\r\n/i.test(reply)
    return Number(reply.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length))
  }
}

function headersFor(body: string | undefined): Record<string, string> {
  return body === undefined ? {} : { 'content-type': 'application/json' }
}

function codeOf(error: unknown): string {
  const { code, cause, message } = error as Error & { code?: string }
  return code ?? (cause === undefined ? message : codeOf(cause))
}
