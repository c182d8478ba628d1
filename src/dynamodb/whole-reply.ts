import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { StoreError } from '../errors.ts'

const OPENING_BRACE = 0x7b
const JSON_WHITESPACE = new Set([0x20, 0x09, 0x0a, 0x0d])

type HttpReply = { statusCode: number; body: Uint8Array | AsyncIterable<Uint8Array> | undefined }

/**
 * Makes a client refuse a success that is no JSON object. The SDK reads `null`, `[]`, a string and an empty body as an
 * answer without members, which a read would take for "no such item".
 */
export function requireJsonObject(client: DynamoDBClient): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args)
      await checkReply(result.response as HttpReply)
      return result
    },
    // Low: behind the SDK's deserializer, next to the wire.
    { step: 'deserialize', priority: 'low', name: 'requireJsonObject' },
  )
}

async function checkReply(reply: HttpReply): Promise<void> {
  if (reply.statusCode >= 300) return
  const bytes = await collect(reply.body)
  if (bytes.find((byte) => !JSON_WHITESPACE.has(byte)) !== OPENING_BRACE) {
    throw new StoreError('STORE_UNAVAILABLE', 'The store gave a reply that is no answer.', { mayHaveApplied: true })
  }
  reply.body = bytes
}

async function collect(body: HttpReply['body']): Promise<Uint8Array> {
  if (body === undefined || body instanceof Uint8Array) return body ?? new Uint8Array()
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}
