import { type Item, isLive, stateOf, toSeconds } from '../items/stored-state.ts'
import type { Change } from './change.ts'
import { IS_LATER, NOTE_CREATED_AT, timeValues, toUpdate } from './item-update.ts'

// DynamoDB takes no request whose signature is older (AWS General Reference, "Signature Version 4": 5 to 15 minutes).
const TOMBSTONE_SECONDS = 60 * 60

/** A tombstone's mark where nothing was to be deleted; else it is when what was deleted had been created. */
const NOTHING = 'nothing'

/**
 * Deletes a category: what stays is a tombstone, its key and version, which DynamoDB's TTL removes. An attempt at a write that
 * was given up on, and arrives later, would otherwise find nothing and bring the category back.
 */
export const BURIAL: Change = {
  featureCount: 0,
  needsItem: false,
  updateFor: (_, at) => ({
    ...toUpdate({
      set: ['#version=:version', '#expires_at=:expires_at', NOTE_CREATED_AT],
      remove: ['#F', '#created_at', '#event_time'],
      conditions: [IS_LATER],
      values: {
        ...timeValues(at),
        ':expires_at': { N: String(toSeconds(at.nowMs) + TOMBSTONE_SECONDS) },
        ':nothing': { S: NOTHING },
      },
    }),
    ReturnValues: 'ALL_OLD',
  }),
}

/**
 * Whether a burial deleted something that was live. `before`: the item that its last attempt found. That may be a tombstone of
 * an attempt whose reply was lost, which tells what that one found; `versions` are those of all its attempts.
 */
export function hasBuried(before: Item | undefined, versions: readonly number[], nowMs: number): boolean {
  if (before === undefined) return false
  const { deleted, version } = stateOf(before)
  if (deleted === undefined) return isLive(before, nowMs)
  return version !== undefined && versions.includes(version) && deleted !== NOTHING
}
