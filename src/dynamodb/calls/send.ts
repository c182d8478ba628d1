import type {
  $Command,
  DynamoDBClient,
  DynamoDBClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
} from '@aws-sdk/client-dynamodb'
import pLimit from 'p-limit'
import { DEADLINE_DETAIL, RequestAbortedError, StoreError } from '../../errors.ts'
import { type Deadline, isOver } from '../../request-scope.ts'
import { MAX_SOCKETS } from '../client.ts'
import { adviseOnCredentials, type CallSubject } from './store-advice.ts'
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
  /** Handed to the SDK, which first looks for credentials. */
  begun: boolean
  attempted: boolean
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
 * The function that it returns makes the command when its turn has come, ends at the deadline, and counts in `attempts`. It
 * returns the reply's output and throws StoreError, or the SDK's own error where that is a bug of ours.
 */
export function createSend(client: DynamoDBClient) {
  // A call waits here for a connection, and not in the SDK, whose time limit of an attempt would count the wait.
  const inTurn = pLimit(MAX_SOCKETS)

  return async function send<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    makeCommand: () => DynamoDBCommand<Input, Output>,
    deadline: Deadline,
    attempts: Attempts,
    subject: CallSubject,
  ): Promise<Output> {
    const progress: Progress = {
      subject,
      begun: false,
      attempted: false,
      awaitingReply: false,
      timedOut: false,
      mayHaveApplied: false,
      lastFailure: undefined,
    }
    const { signal } = deadline
    const end = watchEnd(signal, progress)

    function sendNow(): Promise<Output> {
      const command = makeCommand()
      trackAttempts(command, progress, attempts)
      progress.begun = true
      return Promise.race([client.send(command, { abortSignal: signal }), end.passed])
    }

    try {
      // A call whose deadline passes before its turn is never sent, and costs nothing any more.
      const sent = inTurn(() => (isOver(deadline) ? Promise.reject(endOf(signal, progress)) : sendNow()))
      return await Promise.race([sent, end.passed])
    } catch (error) {
      const failure = signal.aborted ? await end.passed.catch((passed: Error) => passed) : toStoreError(error, subject)
      throw withDoubt(failure, progress.mayHaveApplied)
    } finally {
      end.stop()
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
      progress.attempted = true
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
function watchEnd(signal: AbortSignal, progress: Progress) {
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => {}) // the loser of the race is nobody's unhandled rejection
  const onAbort = () => reject(endOf(signal, progress))
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  return { passed: promise, stop: () => signal.removeEventListener('abort', onAbort) }
}

function endOf({ reason }: AbortSignal, { begun, attempted, awaitingReply, timedOut, lastFailure }: Progress): Error {
  if (reason instanceof RequestAbortedError) return reason
  if (!awaitingReply && !timedOut && lastFailure) return lastFailure
  return new StoreError('DEADLINE_EXCEEDED', DEADLINE_DETAIL, {
    mayHaveApplied: awaitingReply,
    advice: begun && !attempted ? adviseOnCredentials() : undefined,
  })
}
