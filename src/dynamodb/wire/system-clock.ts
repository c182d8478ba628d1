import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { ReplyError } from './reply-error.ts'

// Signatures that are 5 minutes off are refused (AWS General Reference, Signature Version 4); the SDK counts from 4 on.
const SKEWED_MS = 240_000

/**
 * The time by which requests are signed: this machine's, put right by the SDK's account of how far it is from the store's,
 * which each reply's date renews.
 */
export function createSystemClock(config: Pick<DynamoDBClient['config'], 'systemClockOffset'>) {
  let lastDate: string | undefined

  function learn(date: string | undefined): void {
    // It tells whole seconds: the same one tells nothing new.
    if (date === undefined || date === lastDate) return
    lastDate = date
    const storeMs = Date.parse(date)
    if (!Number.isNaN(storeMs)) config.systemClockOffset = storeMs - Date.now()
  }

  return {
    /** Milliseconds that the clock is put right by. */
    offsetMs: (): number => config.systemClockOffset,

    learn,

    /** Notes on a refusal that the clock of its signing was wrong and is right now, by which the SDK's rules try again. */
    learnFromRefusal(error: ReplyError, date: string | undefined, signedOffsetMs: number): void {
      learn(date)
      const { systemClockOffset } = config
      if (Math.abs(systemClockOffset) >= SKEWED_MS && systemClockOffset !== signedOffsetMs) {
        error.$metadata.clockSkewCorrected = true
      }
    },
  }
}
