import type { Readable } from 'node:stream'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { StoreError } from '../errors.ts'

const OPENING_BRACE = 0x7b
const JSON_WHITESPACE = new Set([0x20, 0x09, 0x0a, 0x0d])

type HttpReply = { statusCode: number; body: Uint8Array | Readable | undefined }

/**
 * Makes a client wait for whole replies, within the attempt's time limit, which the SDK's own ends at the headers; and
 * refuse a success that is no JSON object. The SDK reads `null`, `[]`, a string and an empty body as an answer without
 * members, which a read would take for "no such item".
 * @param attemptTimeoutMs milliseconds from the request's start to the reply's last byte.
 */
export function requireWholeReplies(client: DynamoDBClient, attemptTimeoutMs: number): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const startedMs = performance.now()
      const result = await next(args)
      const reply = result.response as HttpReply
      reply.body = await collect(reply.body, attemptTimeoutMs - (performance.now() - startedMs))
      if (reply.statusCode < 300) requireJsonObject(reply.body)
      return result
    },
    // Low: behind the SDK's deserializer, next to the wire.
    { step: 'deserialize', priority: 'low', name: 'requireWholeReplies' },
  )
}

async function collect(body: HttpReply['body'], timeoutMs: number): Promise<Uint8Array> {
  if (body === undefined || body instanceof Uint8Array) return body ?? new Uint8Array()
  const timer = setTimeout(() => body.destroy(timeoutError()), Math.max(0, timeoutMs))
  try {
    const chunks: Uint8Array[] = []
    for await (const chunk of body) chunks.push(chunk)
    return Buffer.concat(chunks)
  } finally {
    clearTimeout(timer)
  }
}

/** The name by which the SDK's retries know a time limit. */
function timeoutError(): Error {
  return Object.assign(new Error('the reply did not end in time'), { name: 'TimeoutError' })
}

function requireJsonObject(bytes: Uint8Array): void {
  if (bytes.find((byte) => !JSON_WHITESPACE.has(byte)) === OPENING_BRACE) return
  throw new StoreError('STORE_UNAVAILABLE', 'The store gave a reply that is no answer.', { mayHaveApplied: true })
}
