import { StaleWriteError } from '../../errors.ts'
import type { EncodedFeatures } from '../../features/encode-features.ts'
import { formatEventTime } from '../../features/event-time.ts'
import type { WriterMetadata } from '../../features/feature-record.ts'
import { isGreater } from '../../json/exact-number.ts'
import { isExpired, type StoredState, toSeconds } from '../items/stored-state.ts'
import type { Change } from './change.ts'
import {
  dataJson,
  featuresJson,
  IS_DELETED,
  IS_EXPIRED,
  IS_LATER,
  IS_NOT_EXPIRED,
  KEEP_CREATED_AT,
  metadataJson,
  prepareUpdate,
  timeValues,
  type Values,
  type WriteTime,
} from './item-update.ts'

const IS_NOT_OLDER = '(NOT attribute_type(#event_time, :number) OR #event_time <= :event_time)'

type Updates = ReturnType<typeof prepareUpdates>

/** The two updates of writers that say as much: of a ttl, of an event time. */
function prepareUpdates(hasTtl: boolean, hasEventTime: boolean) {
  /** What is set, and the expiry and the tombstone's mark of what was there before, which go with it. */
  const set = ['#F=:features', '#version=:version']
  const remove = ['#deleted', '#buried']
  if (hasTtl) set.push('#expires_at=:expires_at')
  else remove.push('#expires_at')
  if (hasEventTime) set.push('#event_time=:event_time')
  return {
    overLive: prepareUpdate({
      set: [...set, KEEP_CREATED_AT],
      remove,
      conditions: [IS_LATER, `(${IS_DELETED} OR ${IS_NOT_EXPIRED})`, ...(hasEventTime ? [IS_NOT_OLDER] : [])],
    }),
    overExpired: prepareUpdate({
      set: [...set, '#created_at=:timestamp'],
      remove: hasEventTime ? remove : [...remove, '#event_time'],
      conditions: [IS_LATER, `(${IS_DELETED} OR ${IS_EXPIRED})`],
    }),
  }
}

const PLAIN = prepareUpdates(false, false)
const TIMED = prepareUpdates(false, true)
const EXPIRING = prepareUpdates(true, false)
const TIMED_EXPIRING = prepareUpdates(true, true)

function updatesFor({ ttlSeconds, expiresAtSeconds, eventTimeMs }: WriterMetadata): Updates {
  if ((ttlSeconds ?? expiresAtSeconds) === undefined) return eventTimeMs === undefined ? PLAIN : TIMED
  return eventTimeMs === undefined ? EXPIRING : TIMED_EXPIRING
}

/**
 * Replaces a category as a whole: no read before it, created_at of its first write kept, and so is the event time of a writer
 * that gave one until another gives a later one. Over an expired item it begins a new life, which takes a second attempt, as
 * only the first one's refusal tells that it has expired.
 */
export function replaceCategory({ members }: EncodedFeatures, writer: WriterMetadata): Change {
  // Once for all attempts: it may be hundreds of kilobytes.
  const data = dataJson(members)
  const { overLive, overExpired } = updatesFor(writer)

  function valuesAt(at: WriteTime): Values {
    const { ttlSeconds = 0, expiresAtSeconds = toSeconds(at.nowMs) + ttlSeconds, eventTimeMs = '0' } = writer
    const times = timeValues(at)
    return {
      ...times,
      ':features': featuresJson(data, metadataJson(writer, times[':timestamp'])),
      ':expires_at': `{"N":"${expiresAtSeconds}"}`,
      ':event_time': `{"N":"${eventTimeMs}"}`,
    }
  }

  return {
    featureCount: members.size,
    needsItem: false,
    updateFor: (stored, at) => (stored && hasExpired(stored, at) ? overExpired : overLive)(valuesAt(at)),
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
