import { ConfigError } from '../../config.ts'
import { StoreOpenError } from '../../dynamodb/store-open-error.ts'
import { StoreError } from '../../errors.ts'
import { FileError } from './file-error.ts'
import { UsageError } from './usage-error.ts'

export type CommandWords = {
  usage: string
  /** What a failure on the way means, as "The import has stopped". */
  stopped: string
  /** What to do then, where there is more than the failure says. */
  next?: string
}

/** What went wrong, for a person, and what to do; a bug with its stack. */
export function explainFailure(error: unknown, { usage, stopped, next }: CommandWords): string {
  if (error instanceof UsageError) return explainUsage(error, usage)
  if (error instanceof ConfigError || error instanceof StoreOpenError || error instanceof FileError) return error.message
  const reason = reasonOf(error)
  if (reason !== undefined) return [`${stopped}: ${reason}`, next].filter((line) => line !== undefined).join('\n')
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** What there is, and what was wrong with what was asked for. */
export function explainUsage({ message }: UsageError, usage: string): string {
  return message === '' ? usage : `${usage}\n\n${message}`
}

/** Of what happens to a command that is as it should be: the store is in trouble, a disk is full. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof StoreError) return [error.message, error.advice].filter((part) => part !== undefined).join(' ')
  return error instanceof Error && 'syscall' in error ? error.message : undefined
}
