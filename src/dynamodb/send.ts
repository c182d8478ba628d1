import type {
  $Command,
  DynamoDBClient,
  DynamoDBClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
} from '@aws-sdk/client-dynamodb'
import pLimit from 'p-limit'
import { RequestAbortedError, StoreError } from '../errors.ts'
import { MAX_SOCKETS } from './client.ts'
import type { CallSubject } from './store-advice.ts'
import { toStoreError, withDoubt } from './store-errors.ts'

/** What one call took to be answered: attempts, and those of them that DynamoDB throttled. */
export type Attempts = { made: number; throttled: number }

export type DynamoDBCommand<Input extends ServiceInputTypes, Output extends ServiceOutputTypes> = $Command<
  Input,
  Output,
  DynamoDBClientResolvedConfig
>

/** How far one call has come: what the SDK's retries keep to themselves. */
type Progress = {
  subject: CallSubject
  awaitingReply: boolean
  timedOut: boolean
  mayHaveApplied: boolean
  lastFailure: Error | undefined
}

export type Send = ReturnType<typeof createSend>

/**
 * Sends commands within a deadline.
 *
 * The SDK's retries live inside the deadline, its backoff included (which alone would not notice the signal). The
 * deadline passed with no reply to the last attempt, or before anything was sent: DEADLINE_EXCEEDED; passed while
 * backing off after a reply: that reply's error. A client that hangs up ends it with RequestAbortedError. `mayHaveApplied` is
 * true when any attempt could have been applied.
 *
 * The function that it returns makes the command when its turn has come, ends with the signal, and counts in `attempts`. It
 * returns the reply's output and throws StoreError, or the SDK's own error where that is a bug of ours.
 */
export function createSend(client: DynamoDBClient) {
  // A call waits here for a connection, and not in the SDK, whose time limit of an attempt would count the wait.
  const inTurn = pLimit(MAX_SOCKETS)

  return async function send<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    makeCommand: () => DynamoDBCommand<Input, Output>,
    signal: AbortSignal,
    attempts: Attempts,
    subject: CallSubject,
  ): Promise<Output> {
    const progress: Progress = {
      subject,
      awaitingReply: false,
      timedOut: false,
      mayHaveApplied: false,
      lastFailure: undefined,
    }
    const deadline = watchDeadline(signal, progress)

    function sendNow(): Promise<Output> {
      const command = makeCommand()
      trackAttempts(command, progress, attempts)
      return Promise.race([client.send(command, { abortSignal: signal }), deadline.passed])
    }

    try {
      // A call whose deadline passes before its turn is never sent, and costs nothing any more.
      const sent = inTurn(() => (signal.aborted ? deadline.passed : sendNow()))
      return await Promise.race([sent, deadline.passed])
    } catch (error) {
      const failure = signal.aborted ? await deadline.passed.catch((passed: Error) => passed) : toStoreError(error, subject)
      throw withDoubt(failure, progress.mayHaveApplied)
    } finally {
      deadline.stop()
    }
  }
}

function trackAttempts<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
  command: DynamoDBCommand<Input, Output>,
  progress: Progress,
  attempts: Attempts,
): void {
  command.middlewareStack.add(
    (next) => async (args) => {
      attempts.made += 1
      progress.awaitingReply = true
      try {
        return await next(args)
      } catch (error) {
        const failure = toStoreError(error, progress.subject)
        progress.lastFailure = failure
        progress.timedOut = error instanceof Error && error.name === 'TimeoutError'
        if (failure instanceof StoreError && failure.code === 'STORE_THROTTLED') attempts.throttled += 1
        if (failure instanceof StoreError && failure.mayHaveApplied) progress.mayHaveApplied = true
        throw error
      } finally {
        progress.awaitingReply = false
      }
    },
    // Low: inside the SDK's retries, so that it sees every attempt.
    { step: 'finalizeRequest', priority: 'low', name: 'trackAttempts' },
  )
}

/** Rejects `passed` the moment the signal fires, with the error that the call's progress calls for. */
function watchDeadline(signal: AbortSignal, progress: Progress) {
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => {}) // the loser of the race is nobody's unhandled rejection
  const onAbort = () => reject(endOf(signal, progress))
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  return { passed: promise, stop: () => signal.removeEventListener('abort', onAbort) }
}

function endOf({ reason }: AbortSignal, { awaitingReply, timedOut, lastFailure }: Progress): Error {
  if (reason instanceof RequestAbortedError) return reason
  if (!awaitingReply && !timedOut && lastFailure) return lastFailure
  return new StoreError('DEADLINE_EXCEEDED', 'The store did not answer within the time allowed for a request.', {
    mayHaveApplied: awaitingReply,
  })
}
