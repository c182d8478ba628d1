import type { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { StoreError } from '../../errors.ts'

const CHECKSUM_HEADER = 'x-amz-crc32'
const OPENING_BRACE = 0x7b
const JSON_WHITESPACE = new Set([0x20, 0x09, 0x0a, 0x0d])

/**
 * What a success may hold that brings nothing: a read's without an item, which says that it is not there, and a write's.
 * Anything else is somebody else's answer. Source: Amazon DynamoDB API Reference, response syntax of each.
 */
const MEMBERS_OF_NOTHING: Readonly<Record<string, readonly string[]>> = {
  GetItemCommand: ['ConsumedCapacity'],
  UpdateItemCommand: ['Attributes', 'ConsumedCapacity', 'ItemCollectionMetrics'],
  QueryCommand: ['Items', 'Count', 'ScannedCount', 'LastEvaluatedKey', 'ConsumedCapacity'],
  BatchGetItemCommand: ['Responses', 'UnprocessedKeys', 'ConsumedCapacity'],
}

// A BatchGetItem brings 16 MB of items at most; as JSON, of control characters, six times that.
const MAX_REPLY_BYTES = 100 * 1024 * 1024

type HttpReply = { statusCode: number; headers: Readonly<Record<string, string>>; body: Uint8Array | Readable | undefined }

/**
 * Makes a client wait for whole replies, within the attempt's time limit, which the SDK's own ends at the headers; and
 * refuse a success that is no JSON object, or is not what DynamoDB sent by its checksum, or brings nothing and has members
 * that DynamoDB does not know. The SDK reads `null`, `[]`, a string and an empty body as an answer without members, which a
 * read would take for "no such item".
 * @param attemptTimeoutMs milliseconds from the request's start to the reply's last byte.
 */
export function requireWholeReplies(client: DynamoDBClient, attemptTimeoutMs: number): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const startedMs = performance.now()
      const result = await next(args)
      const reply = result.response as HttpReply
      reply.body = await collect(reply.body, attemptTimeoutMs - (performance.now() - startedMs))
      if (reply.statusCode < 300) requireAnswer(reply.statusCode, reply.body)
      requireChecksum(reply.body, reply.headers[CHECKSUM_HEADER])
      return result
    },
    // Low: behind the SDK's deserializer, next to the wire.
    { step: 'deserialize', priority: 'low', name: 'requireWholeReplies' },
  )
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const result = await next(args)
        const members = MEMBERS_OF_NOTHING[commandName]
        const { output = {} } = result
        if (members && bringsNothing(output)) requireMembers((result.response as HttpReply).body as Uint8Array, members)
        return result
      },
    // High: outside the deserializer, which passes over what it does not know.
    { step: 'deserialize', priority: 'high', name: 'requireKnownMembers' },
  )
}

async function collect(body: HttpReply['body'], timeoutMs: number): Promise<Uint8Array> {
  if (body === undefined || body instanceof Uint8Array) return body ?? new Uint8Array()
  const timer = setTimeout(() => body.destroy(timeoutError()), Math.max(0, timeoutMs))
  try {
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of body) {
      bytes += chunk.length
      if (bytes > MAX_REPLY_BYTES) throw noAnswer()
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } finally {
    clearTimeout(timer)
  }
}

/** The name by which the SDK's retries know a time limit. */
function timeoutError(): Error {
  return Object.assign(new Error('the reply did not end in time'), { name: 'TimeoutError' })
}

function requireAnswer(statusCode: number, bytes: Uint8Array): void {
  if (statusCode !== 200 || bytes.find((byte) => !JSON_WHITESPACE.has(byte)) !== OPENING_BRACE) throw noAnswer()
}

/** DynamoDB sends its replies' CRC-32, which the SDK does not look at. */
function requireChecksum(bytes: Uint8Array, checksum: string | undefined): void {
  if (checksum !== undefined && Number(checksum) !== crc32(bytes)) throw noAnswer()
}

/** Of a batch, all are missing or unprocessed; of a query, there are no items; of the others, there is no item. */
function bringsNothing(output: object): boolean {
  if ('Responses' in output && output.Responses) return Object.values(output.Responses).every((items) => items?.length === 0)
  if ('Items' in output && Array.isArray(output.Items)) return output.Items.length === 0
  return !('Item' in output && output.Item)
}

function requireMembers(bytes: Uint8Array, known: readonly string[]): void {
  const text = Buffer.from(bytes).toString()
  if (text === '{}') return
  if (!Object.keys(JSON.parse(text)).every((member) => known.includes(member))) throw noAnswer()
}

function noAnswer(): StoreError {
  return new StoreError('STORE_UNAVAILABLE', 'The store gave a reply that is no answer.', { mayHaveApplied: true })
}
