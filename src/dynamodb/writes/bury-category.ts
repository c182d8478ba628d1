import { randomUUID } from 'node:crypto'
import type { Attribute } from '../items/attribute.ts'
import { foreignNames, isExpired, isLive, toSeconds } from '../items/stored-state.ts'
import type { Change } from './change.ts'
import { IS_LATER, prepareUpdate, timeValues } from './item-update.ts'

// DynamoDB takes no request whose signature is older (AWS General Reference, "Signature Version 4": 5 to 15 minutes).
const TOMBSTONE_SECONDS = 60 * 60

const NOTHING = 'nothing'
const ID_PREFIX = 'deleted:'

/** What tells of what a burial finds, the first that is there: another's id, when it expires, was made or written, its version. */
const FOUND = ['#deleted', '#expires_at', '#created_at', '#F.#metadata.#created_at', '#F.#metadata.#updated_at', '#version']
const NOTE_FOUND = `#buried=${FOUND.reduceRight((other, path) => `if_not_exists(${path},${other})`, ':nothing')}`

export type Burial = Change & {
  /** Whether any of its attempts deleted something that was live. */
  hasDeleted: () => boolean
  /** Attributes of other programs that are still beside the tombstone. */
  leftovers: () => string[]
}

/**
 * Deletes a category: what stays is a tombstone, its key and version, which DynamoDB's TTL removes. An attempt at a write that
 * was given up on, and arrives later, would otherwise find nothing and bring the category back.
 *
 * The tombstone has an id, and notes what was there: so a burial knows its own, whose reply was lost.
 * @param others attributes of other programs that go with it.
 */
export function buryCategory(others: readonly string[] = []): Burial {
  const id = ID_PREFIX + randomUUID()
  const names = Object.fromEntries(others.map((name, index) => [`#${index}`, name]))
  const update = prepareUpdate({
    set: ['#version=:version', '#expires_at=:expires_at', '#deleted=:id', NOTE_FOUND],
    remove: ['#F', '#created_at', '#event_time', ...Object.keys(names)],
    conditions: [IS_LATER],
    names,
    returnsOld: true,
  })
  const left = new Set<string>()
  let hasDeleted = false

  function noteLeft(foreign: readonly string[]): void {
    for (const name of foreign) if (!others.includes(name)) left.add(name)
  }

  return {
    featureCount: undefined,
    needsItem: false,
    updateFor: (_, at) =>
      update({
        ...timeValues(at),
        ':expires_at': `{"N":"${toSeconds(at.nowMs) + TOMBSTONE_SECONDS}"}`,
        ':id': `{"S":"${id}"}`,
        ':nothing': `{"S":"${NOTHING}"}`,
      }),
    noteBefore(before, { nowMs }) {
      if (before === undefined) return
      noteLeft(foreignNames(before))
      if (isLive(before, nowMs)) hasDeleted = true
    },
    isDoneBy({ tombstone, foreignNames }, { nowMs }) {
      if (tombstone?.id !== id) return false
      noteLeft(foreignNames)
      if (wasLive(tombstone.buried, nowMs)) hasDeleted = true
      return true
    },
    hasDeleted: () => hasDeleted,
    leftovers: () => [...left],
  }
}

function wasLive(buried: Attribute | undefined, nowMs: number): boolean {
  if (buried === undefined || buried.S === NOTHING || buried.S?.startsWith(ID_PREFIX)) return false
  return buried.N === undefined || !isExpired(Number(buried.N), nowMs)
}
