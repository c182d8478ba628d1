import { type Item, isExpired, isLive, isTombstone, toSeconds } from '../items/stored-state.ts'
import type { Change } from './change.ts'
import { IS_LATER, timeValues, toUpdate } from './item-update.ts'

// DynamoDB takes no request whose signature is older (AWS General Reference, "Signature Version 4": 5 to 15 minutes).
const TOMBSTONE_SECONDS = 60 * 60

const NOTHING = 'nothing'

/** What a burial finds: another tombstone's mark, when it expires, when it was made or last written, or nothing. */
const FOUND = ['#deleted', '#expires_at', '#created_at', '#F.#metadata.#created_at', '#F.#metadata.#updated_at', '#version']
const NOTE_FOUND = `#buried=${FOUND.reduceRight((other, path) => `if_not_exists(${path},${other})`, ':nothing')}`

/**
 * Deletes a category: what stays is a tombstone, its key and version, which DynamoDB's TTL removes. An attempt at a write that
 * was given up on, and arrives later, would otherwise find nothing and bring the category back.
 */
export const BURIAL: Change = {
  featureCount: undefined,
  needsItem: false,
  updateFor: (_, at) => ({
    ...toUpdate({
      set: ['#version=:version', '#expires_at=:expires_at', '#deleted=:deleted', NOTE_FOUND],
      remove: ['#F', '#created_at', '#event_time'],
      conditions: [IS_LATER],
      values: {
        ...timeValues(at),
        ':expires_at': { N: String(toSeconds(at.nowMs) + TOMBSTONE_SECONDS) },
        ':deleted': { BOOL: true },
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
  if (!isTombstone(before)) return isLive(before, nowMs)
  return versions.includes(Number(before.version?.N)) && wasLive(before, nowMs)
}

function wasLive({ buried }: Item, nowMs: number): boolean {
  if (buried === undefined || buried.BOOL !== undefined || buried.S === NOTHING) return false
  return buried.N === undefined || !isExpired(Number(buried.N), nowMs)
}
