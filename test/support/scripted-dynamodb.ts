import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Item } from './test-service.ts'

/** One request as it reached the stand-in. */
export type Call = {
  operation: string
  body: { TableName?: string; Key?: Item; RequestItems?: Record<string, { Keys: Item[] }> }
  /** Counts every call from 1. */
  number: number
  /** Counts calls with the very same body from 1: the SDK's attempts at one command. */
  attempt: number
}

/**
 * `pass`: what the endpoint behind answers; `hang`: nothing, ever; `reset`: the connection breaks off. A reply with `ending`
 * promises one byte more than its text, and after the text stalls or breaks off.
 */
export type ScriptedReply = 'pass' | 'hang' | 'reset' | { status: number; text: string; ending?: 'stalls' | 'breaks off' }

export type Script = (call: Call) => ScriptedReply | Promise<ScriptedReply>

export type ScriptedDynamoDB = Awaited<ReturnType<typeof startScriptedDynamoDB>>

export const passEverything: Script = () => 'pass'

// What DynamoDB's protocol needs of a request's headers.
const FORWARDED = ['authorization', 'content-type', 'x-amz-date', 'x-amz-target']

/** A stand-in for DynamoDB on a loopback port: records each call and answers it by the script. */
export async function startScriptedDynamoDB(firstScript: Script, behind?: string) {
  let script = firstScript
  let calls: Call[] = []
  let attempts = new Map<string, number>()
  let peaks = new Map<string, number>()
  const open = new Map<string, number>()

  function record(operation: string, bodyText: string): Call {
    const attempt = (attempts.get(operation + bodyText) ?? 0) + 1
    attempts.set(operation + bodyText, attempt)
    const call = { operation, body: JSON.parse(bodyText) as Call['body'], number: calls.length + 1, attempt }
    calls.push(call)
    return call
  }

  function countInFlight(operation: string, change: 1 | -1): void {
    const count = (open.get(operation) ?? 0) + change
    open.set(operation, count)
    peaks.set(operation, Math.max(count, peaks.get(operation) ?? 0))
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? ''
    countInFlight(operation, 1)
    response.once('close', () => countInFlight(operation, -1))
    const bodyText = await text(request)
    const reply = await script(record(operation, bodyText))
    if (reply === 'hang') return
    if (reply === 'reset') request.socket.resetAndDestroy()
    else send(request, response, reply === 'pass' ? await forward(request, bodyText, behind) : reply)
  }

  const server = createServer((request, response) => {
    // A client that gives up in the middle of its request is part of the play.
    answer(request, response).catch(() => request.socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    /** Every call since the last `use`. */
    calls: (): readonly Call[] => calls,
    operations: (): string[] => calls.map(({ operation }) => operation),
    /** How many calls of an operation wait for their reply's end. */
    inFlight: (operation: string): number => open.get(operation) ?? 0,
    /** How many of an operation were in flight at once, at most, since the last `use`. */
    peakInFlight: (operation: string): number => peaks.get(operation) ?? 0,
    /** Answers by another script from now on, and forgets the calls so far. */
    use(next: Script): void {
      script = next
      calls = []
      attempts = new Map()
      peaks = new Map()
    },
    async close(): Promise<void> {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function forward(request: IncomingMessage, body: string, behind: string | undefined) {
  if (behind === undefined) throw new Error('There is no endpoint behind the stand-in to pass a call to.')
  const headers = Object.fromEntries(FORWARDED.map((name) => [name, String(request.headers[name])]))
  const reply = await fetch(behind, { method: 'POST', headers, body })
  return { status: reply.status, text: await reply.text() }
}

function send(request: IncomingMessage, response: ServerResponse, reply: Exclude<ScriptedReply, string>): void {
  const promised = Buffer.byteLength(reply.text) + (reply.ending === undefined ? 0 : 1)
  response.writeHead(reply.status, { 'content-type': 'application/x-amz-json-1.0', 'content-length': promised })
  if (reply.ending === undefined) response.end(reply.text)
  else if (reply.ending === 'stalls') response.write(reply.text)
  else response.write(reply.text, () => request.socket.resetAndDestroy())
}
