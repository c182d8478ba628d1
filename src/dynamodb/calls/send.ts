import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type Deadline, isOver } from '../../request-scope.ts'
import { MAX_SOCKETS } from '../client.ts'
import type { ReadReply } from '../items/reply-bytes.ts'
import { createLeanCommands } from '../wire/lean-command.ts'
import type { Operation, Reply } from '../wire/whole-reply.ts'
import { endOf, noteAttempt, noteFailure, type Progress } from './progress.ts'
import { toStoreError, withDoubt } from './store-errors.ts'
import { createTurns } from './turns.ts'

/** One call of DynamoDB. */
export type StoreCall = {
  operation: Operation
  tableName: string
  /** The input as JSON; asked when the call has its turn. */
  makeBody: () => string
  /** Reads the answer off its bytes where it can, in the place of JSON.parse. */
  readBytes?: ReadReply | undefined
}

export type Send = ReturnType<typeof createSend>

/**
 * Sends calls within a deadline, their retries and the waits between them included: see endOf. `mayHaveApplied` of what it
 * throws is true when any attempt could have been applied.
 *
 * The function that it returns counts in `progress`, returns the reply, and throws StoreError, or DynamoDB's own refusal
 * where that is a bug of ours.
 */
export function createSend(client: DynamoDBClient) {
  // A call waits here for a connection, and not in the client, whose time limit of an attempt would count the wait.
  const turns = createTurns(MAX_SOCKETS)
  const toCommand = createLeanCommands()

  return function send(call: StoreCall, deadline: Deadline, progress: Progress): Promise<Reply> {
    const { signal } = deadline
    // The SDK's signal by property: the attempts of a call need no listeners of their own.
    const cancel: { aborted: boolean; onabort: (() => void) | null } = { aborted: signal.aborted, onabort: null }

    return new Promise((resolve, reject) => {
      let hasTurn = false

      function giveTurnBack(): void {
        if (hasTurn) turns.pass()
        hasTurn = false
      }

      function end(): void {
        reject(withDoubt(endOf(signal, progress), progress.mayHaveApplied))
        cancel.aborted = true
        cancel.onabort?.()
        turns.leave(begin)
        // What looks for credentials has no connection.
        if (progress.made === 0) giveTurnBack()
      }

      function fail(error: unknown): void {
        signal.removeEventListener('abort', end)
        reject(withDoubt(toStoreError(error, call), progress.mayHaveApplied))
        giveTurnBack()
      }

      function begin(): boolean {
        // A call whose deadline passes before its turn is never sent, and costs nothing any more.
        if (isOver(deadline)) {
          fail(endOf(signal, progress))
          return false
        }
        try {
          sendNow(call.makeBody())
          hasTurn = true
        } catch (error) {
          fail(error)
        }
        return hasTurn
      }

      function sendNow(body: string): void {
        progress.begun = true
        const command = toCommand({
          operation: call.operation,
          tableName: call.tableName,
          body,
          readBytes: call.readBytes,
          signal,
          onAttempt: () => noteAttempt(progress),
          onFailure: (error) => noteFailure(progress, error, call),
          onReply: (bytes) => {
            progress.replyBytes = bytes
          },
        })
        const sent = client.send(command, { abortSignal: cancel }) as Promise<unknown> as Promise<Reply>
        sent.then((reply) => {
          signal.removeEventListener('abort', end)
          resolve(reply)
          giveTurnBack()
        }, fail)
      }

      if (signal.aborted) {
        end()
        return
      }
      signal.addEventListener('abort', end, { once: true })
      turns.take(begin)
    })
  }
}
