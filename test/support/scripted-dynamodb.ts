import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createHeldAttempts } from './held-attempts.ts'
import { playReply, type ScriptedReply } from './scripted-reply.ts'
import type { Item } from './test-service.ts'

/** One request as it reached the stand-in. */
export type Call = {
  operation: string
  body: {
    TableName?: string
    Key?: Item
    RequestItems?: Record<string, { Keys: Item[] }>
    ExpressionAttributeValues?: Item
  }
  /** Counts every call from 1. */
  number: number
  /** Counts calls with the very same body from 1: the SDK's attempts at one command. */
  attempt: number
}

export type { ScriptedReply }

export type Script = (call: Call) => ScriptedReply | Promise<ScriptedReply>

export type ScriptedDynamoDB = Awaited<ReturnType<typeof startScriptedDynamoDB>>

export const passEverything: Script = () => 'pass'

/**
 * A stand-in for DynamoDB on a loopback port: records each call and answers it by the script, or has `behind` answer it.
 * @param port 0: one that the system picks.
 */
export async function startScriptedDynamoDB(firstScript: Script, behind?: string, port = 0) {
  let script = firstScript
  let calls: Call[] = []
  let attempts = new Map<string, number>()
  let peaks = new Map<string, number>()
  const open = new Map<string, number>()
  const heldAttempts = createHeldAttempts()
  const underWay = new Set<Promise<void>>()

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
    const call = record(operation, bodyText)
    const hold = (arrive: Parameters<typeof heldAttempts.hold>[2]) => heldAttempts.hold(call, response, arrive)
    await playReply(await script(call), { request, response, bodyText }, { behind, hold })
  }

  const server = createServer((request, response) => {
    // A client that gives up in the middle of its request is part of the play.
    const answered = answer(request, response).catch(() => {
      request.socket.destroy()
    })
    underWay.add(answered)
    void answered.then(() => underWay.delete(answered))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${address.port}`,
    /** Every call since the last `use`. */
    calls: (): readonly Call[] => calls,
    operations: (): string[] => calls.map(({ operation }) => operation),
    /** The attempts that are held back. */
    held: heldAttempts.held,
    /** Resolves with the attempts that are held back, when there are so many. */
    holding: heldAttempts.holding,
    /** Resolves when no call is on its way to the endpoint behind any more, but for those held back. */
    async quiet(): Promise<void> {
      while (underWay.size > 0) await Promise.all(underWay)
    },
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
