import type { $Command, DynamoDBClient, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-dynamodb'
import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry'
import { type EndSignal, pause } from '../../request-scope.ts'
import { createEndpoints, type Endpoint } from './endpoint.ts'
import { toReplyError } from './reply-error.ts'
import { createSigner } from './signer.ts'
import { createSystemClock } from './system-clock.ts'
import { type Operation, parseReply, type Reply } from './whole-reply.ts'

type ClientConfig = DynamoDBClient['config']
type RetryStrategy = Extract<Awaited<ReturnType<ClientConfig['retryStrategy']>>, { recordSuccess: unknown }>
type RetryToken = Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>>
type Credentials = Awaited<ReturnType<ClientConfig['credentials']>>
type HttpResponse = Awaited<ReturnType<ClientConfig['requestHandler']['handle']>>['response']
type RequestOptions = NonNullable<Parameters<ClientConfig['requestHandler']['handle']>[1]>
type SdkError = Parameters<typeof isTransientError>[0]
type Command = $Command<ServiceInputTypes, ServiceOutputTypes, ClientConfig>

/** One call of DynamoDB, whose attempts its caller follows. */
export type LeanCall = {
  operation: Operation
  tableName: string
  /** The input as JSON, of all its attempts. */
  body: string
  /** Reads the answer off its bytes where it can, in the place of JSON.parse. */
  readBytes?: ((body: Buffer) => Reply | undefined) | undefined
  onAttempt: () => void
  onFailure: (error: Error) => void
  /** Told of the bytes of the reply that is the answer. */
  onReply?: (bytes: number) => void
  /** Ends the wait between two attempts. */
  signal: EndSignal
}

const TARGET_PREFIX = 'DynamoDB_20120810.'
// Not signed: proxies may change it.
const USER_AGENT = 'online-feature-store'

/**
 * Makes commands for the SDK's client that go straight from JSON to the wire and back, by the client's own configuration
 * (credentials, region, endpoint, clock, retry strategy, request handler) and the SDK's rules for what is tried again. Without
 * its middleware, some thirty functions for each call, a single read went from 924 us of CPU time to 373.
 * The command's output is the reply's JSON, parsed, or what the call's `readBytes` made of it.
 */
export function createLeanCommands() {
  let perform: ReturnType<typeof createPerform> | undefined

  return function toCommand(call: LeanCall): Command {
    const command = {
      input: call,
      resolveMiddleware(_stack: unknown, config: ClientConfig, options?: RequestOptions) {
        perform ??= createPerform(config)
        const result = perform(call, options ?? {})
        return () => result.then((output) => ({ output, response: undefined }))
      },
    }
    return command as unknown as Command
  }
}

function createPerform(config: ClientConfig) {
  const endpointOf = createEndpoints(config)
  const clock = createSystemClock(config)
  const sign = createSigner()
  let strategy: RetryStrategy | undefined

  /** A request to a place, signed for now; `offsetMs`: the clock is put right by. */
  function toRequest({ operation, body }: LeanCall, endpoint: Endpoint, credentials: Credentials, offsetMs: number) {
    const { protocol, hostname, port, host, path, region } = endpoint
    const target = TARGET_PREFIX + operation
    const headers = sign({ host, region, path, target, body, credentials, nowMs: Date.now() + offsetMs })
    headers['user-agent'] = USER_AGENT
    return { protocol, hostname, port, path, method: 'POST', headers, body, query: {} }
  }

  /** A reply's answer, or the error that it is. `offsetMs`: of the clock that its request was signed by. */
  function answerOf(call: LeanCall, { statusCode, headers, body }: HttpResponse, offsetMs: number): Reply {
    if (statusCode === 200) {
      clock.learn(headers.date)
      const { buffer, byteOffset, byteLength } = body
      const answer = Buffer.from(buffer, byteOffset, byteLength)
      call.onReply?.(byteLength)
      return call.readBytes?.(answer) ?? parseReply(call.operation, answer)
    }
    const error = toReplyError(statusCode, headers, body)
    clock.learnFromRefusal(error, headers.date, offsetMs)
    throw error
  }

  return async function perform(call: LeanCall, options: RequestOptions): Promise<Reply> {
    const { tableName, onAttempt, onFailure, signal } = call
    const credentials = await config.credentials()
    const endpoint = await endpointOf(credentials, tableName)
    strategy ??= (await config.retryStrategy()) as RetryStrategy
    // Whoever asked may have gone while credentials were looked for.
    signal.throwIfAborted()

    let token: RetryToken = await strategy.acquireInitialRetryToken('')
    for (;;) {
      try {
        onAttempt()
        const offsetMs = clock.offsetMs()
        const { response } = await config.requestHandler.handle(toRequest(call, endpoint, credentials, offsetMs), options)
        const reply = answerOf(call, response, offsetMs)
        strategy.recordSuccess(token)
        return reply
      } catch (thrown) {
        const error = thrown as SdkError
        onFailure(error)
        token = await strategy.refreshRetryTokenForRetry(token, { error, errorType: errorTypeOf(error) }).catch(() => {
          throw error
        })
        await pause(token.getRetryDelay(), signal)
      }
    }
  }
}

function errorTypeOf(error: SdkError): 'THROTTLING' | 'TRANSIENT' | 'SERVER_ERROR' | 'CLIENT_ERROR' {
  if (isThrottlingError(error)) return 'THROTTLING'
  if (isTransientError(error)) return 'TRANSIENT'
  return isServerError(error) ? 'SERVER_ERROR' : 'CLIENT_ERROR'
}
