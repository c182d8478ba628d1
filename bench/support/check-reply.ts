import { isDeepStrictEqual } from 'node:util'
import type { Workload } from './workloads.ts'

const SHOWN_CHARACTERS = 600

/**
 * Asks for a workload's first exchange, and holds the reply against what it is to be. Returns its body's length, which all
 * other replies of the workload have too: their identifiers are of one length, all else of them is the same.
 * @throws Error when it is another.
 */
export async function checkReply(port: number, { name, exchanges }: Workload): Promise<number> {
  const [exchange] = exchanges
  if (!exchange) throw new Error(`${name} has no requests`)
  const { method, path, body, reply: expected } = exchange
  const post = { method, body: body ?? null, headers: { 'content-type': 'application/json' } }
  const reply = await fetch(`http://127.0.0.1:${port}${path}`, method === 'POST' ? post : {})
  const text = await reply.text()
  if (reply.status !== 200 || !isDeepStrictEqual(parse(text), expected)) {
    throw new Error(`${method} ${path} was answered ${reply.status} ${text.slice(0, SHOWN_CHARACTERS)}`)
  }
  return Buffer.byteLength(text)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
