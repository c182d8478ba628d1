import { crc32 } from 'node:zlib'
import { StoreError } from '../../errors.ts'
import '../../json/sound-parse.ts'

const CHECKSUM_HEADER = 'x-amz-crc32'
const OPENING_BRACE = 0x7b
const JSON_WHITESPACE = new Set([0x20, 0x09, 0x0a, 0x0d])

/** What of DynamoDB goes this way. */
export type Operation = 'GetItem' | 'BatchGetItem' | 'UpdateItem' | 'Query' | 'Scan'

/**
 * What a success may hold that brings nothing: a read's without an item, which says that it is not there, and a write's.
 * Anything else is somebody else's answer. Source: Amazon DynamoDB API Reference, response syntax of each.
 */
const MEMBERS_OF_NOTHING: Readonly<Record<Operation, readonly string[]>> = {
  GetItem: ['ConsumedCapacity'],
  UpdateItem: ['Attributes', 'ConsumedCapacity', 'ItemCollectionMetrics'],
  Query: ['Items', 'Count', 'ScannedCount', 'LastEvaluatedKey', 'ConsumedCapacity'],
  Scan: ['Items', 'Count', 'ScannedCount', 'LastEvaluatedKey', 'ConsumedCapacity'],
  BatchGetItem: ['Responses', 'UnprocessedKeys', 'ConsumedCapacity'],
}

const NOTHING = Buffer.from('{}')

// A BatchGetItem brings 16 MB of items at most; as JSON, of control characters, six times that.
const MAX_REPLY_BYTES = 100 * 1024 * 1024

/** A success of any of the operations, nothing of which is known to be as DynamoDB's. */
export type Reply = Readonly<Record<string, unknown>>

/** Ends a reply that is larger than any of DynamoDB's. */
export function requireSmall(bytes: number): void {
  if (bytes > MAX_REPLY_BYTES) throw noAnswer()
}

/**
 * Refuses a success that is no JSON object, which a read could take for "no such item", and whatever is not what DynamoDB
 * sent by its checksum (CRC-32).
 */
export function requireWhole(statusCode: number, headers: Readonly<Record<string, string>>, body: Uint8Array): void {
  if (statusCode < 300 && (statusCode !== 200 || firstOf(body) !== OPENING_BRACE)) throw noAnswer()
  const checksum = headers[CHECKSUM_HEADER]
  if (checksum !== undefined && Number(checksum) !== crc32(body)) throw noAnswer()
}

function firstOf(body: Uint8Array): number | undefined {
  return body[0] === OPENING_BRACE ? OPENING_BRACE : body.find((byte) => !JSON_WHITESPACE.has(byte))
}

/**
 * A success's JSON.
 * @throws StoreError when it is none, or brings nothing and has members that DynamoDB does not know.
 */
export function parseReply(operation: Operation, body: Buffer): Reply {
  // What a write is answered with.
  if (body.equals(NOTHING)) return {}
  const reply = parse(body)
  if (bringsNothing(reply)) {
    const known = MEMBERS_OF_NOTHING[operation]
    if (!Object.keys(reply).every((member) => known.includes(member))) throw noAnswer()
  }
  return reply
}

function parse(body: Buffer): Reply {
  try {
    return JSON.parse(body.toString())
  } catch (cause) {
    throw noAnswer(cause)
  }
}

/** Of a batch, all are missing or unprocessed; of a query or scan, there are no items; of the others, there is no item. */
function bringsNothing({ Responses: responses, Items: items, Item: item }: Reply): boolean {
  if (typeof responses === 'object' && responses !== null) {
    return Object.values(responses).every((found) => (found as unknown[] | null)?.length === 0)
  }
  return Array.isArray(items) ? items.length === 0 : !item
}

/** A reply that is somebody else's, or none. */
function noAnswer(cause?: unknown): StoreError {
  return new StoreError('STORE_UNAVAILABLE', 'The store gave a reply that is no answer.', { mayHaveApplied: true, cause })
}
