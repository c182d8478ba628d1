import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
// The SDK reads replies with JSON.parse, and so do we.
import '../json/sound-parse.ts'
import { createRetryStrategy } from './calls/retry-strategy.ts'
import { createRequestHandler } from './wire/request-handler.ts'

/**
 * Connections to DynamoDB, and so calls under way at once: 64 calls of 5 ms are over 12,000 a second, more than a process
 * makes, and few enough to open at once. The SDK's default is 50.
 */
export const MAX_SOCKETS = 64
const MAX_ATTEMPTS = 3

// DynamoDB Local, dynalite and their like check that a signature is there, not whose.
const DUMMY_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' }
const DUMMY_REGION = 'us-east-1'

export type ClientOptions = {
  /** A URL, or undefined for AWS. */
  endpoint: string | undefined
  /** Undefined: the SDK's own chain finds one. */
  region: string | undefined
  /** Sign with made-up credentials: for the embedded store and loopback endpoints where none are configured. */
  dummyCredentials: boolean
  /** Milliseconds that one attempt may take, from connection to the reply's last byte. */
  attemptTimeoutMs: number
}

/**
 * A DynamoDB client: credentials and region from the SDK's usual chain, connections kept alive, a time limit on every
 * attempt, at most three attempts within one retry budget, and no reply taken for an answer that is not one.
 */
export function createClient({ endpoint, region, dummyCredentials, attemptTimeoutMs }: ClientOptions): DynamoDBClient {
  const config: DynamoDBClientConfig = {
    retryStrategy: createRetryStrategy(MAX_ATTEMPTS),
    requestHandler: createRequestHandler({ maxSockets: MAX_SOCKETS, timeoutMs: attemptTimeoutMs }),
  }
  if (endpoint !== undefined) config.endpoint = endpoint
  if (dummyCredentials) config.credentials = DUMMY_CREDENTIALS
  if (region !== undefined) config.region = region
  else if (dummyCredentials) config.region = DUMMY_REGION
  return new DynamoDBClient(config)
}
