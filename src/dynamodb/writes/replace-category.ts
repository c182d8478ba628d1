import { StaleWriteError } from '../../errors.ts'
import { formatEventTime } from '../../features/event-time.ts'
import type { Features, WriterMetadata } from '../../features/feature-record.ts'
import { isGreater } from '../../json/exact-number.ts'
import { toAttributeMap } from '../items/attribute-value.ts'
import { type Item, isExpired, type StoredState, toSeconds } from '../items/stored-state.ts'
import type { Change } from './change.ts'
import {
  IS_DELETED,
  IS_EXPIRED,
  IS_LATER,
  IS_NOT_EXPIRED,
  KEEP_CREATED_AT,
  metadataMap,
  timeValues,
  toUpdate,
  type WriteTime,
} from './item-update.ts'

const IS_NOT_OLDER = '(NOT attribute_type(#event_time, :number) OR #event_time <= :event_time)'

/**
 * Replaces a category as a whole: no read before it, created_at of its first write kept, and so is the event time of a writer
 * that gave one until another gives a later one. Over an expired item it begins a new life, which takes a second attempt, as
 * only the first one's refusal tells that it has expired.
 */
export function replaceCategory(features: Features, writer: WriterMetadata): Change {
  // Once for all attempts: it may be hundreds of kilobytes.
  const data = { M: toAttributeMap(features) }

  function valuesAt(at: WriteTime): Item {
    const { ttlSeconds = 0, eventTimeMs = '0' } = writer
    return {
      ...timeValues(at),
      ':features': { M: { data, metadata: metadataMap(writer, at) } },
      ':expires_at': { N: String(toSeconds(at.nowMs) + ttlSeconds) },
      ':event_time': { N: eventTimeMs },
    }
  }

  /** What is set, and the expiry and the tombstone's mark of what was there before, which go with it. */
  const set = ['#F=:features', '#version=:version']
  const remove = ['#deleted', '#buried']
  if (writer.ttlSeconds === undefined) remove.push('#expires_at')
  else set.push('#expires_at=:expires_at')
  if (writer.eventTimeMs !== undefined) set.push('#event_time=:event_time')

  const overLive = {
    set: [...set, KEEP_CREATED_AT],
    remove,
    conditions: [IS_LATER, `(${IS_DELETED} OR ${IS_NOT_EXPIRED})`, ...(writer.eventTimeMs === undefined ? [] : [IS_NOT_OLDER])],
  }
  const overExpired = {
    set: [...set, '#created_at=:timestamp'],
    remove: writer.eventTimeMs === undefined ? [...remove, '#event_time'] : remove,
    conditions: [IS_LATER, `(${IS_DELETED} OR ${IS_EXPIRED})`],
  }

  return {
    featureCount: Object.keys(features).length,
    needsItem: false,
    updateFor(stored, at) {
      return toUpdate({ ...(stored && hasExpired(stored, at) ? overExpired : overLive), values: valuesAt(at) })
    },
    refusalBy(stored, at) {
      const { eventTimeMs } = writer
      if (eventTimeMs === undefined || stored.eventTimeMs === undefined || hasExpired(stored, at)) return undefined
      if (!isGreater(stored.eventTimeMs, eventTimeMs)) return undefined
      return new StaleWriteError(formatEventTime(stored.eventTimeMs) ?? stored.eventTimeMs)
    },
  }
}

function hasExpired({ expiresAtSeconds, tombstone }: StoredState, { nowMs }: WriteTime): boolean {
  return tombstone === undefined && isExpired(expiresAtSeconds, nowMs)
}
